/**
 * Reads what `chronyc` prints: every report of chrony 4.0 to 4.8, as comma-separated values (`chronyc -c`) and, for those who
 * have a saved output and no machine any more, as it is printed for people.
 *
 * All times and offsets are seconds, all frequencies parts per million. **An offset is how far this machine's clock is
 * ahead**, in every report: chronyc itself changes the sign between reports. What never happened is undefined, where chronyc
 * prints 4294967295 or 0.
 *
 * @module
 */

export { type Activity, parseActivity } from './activity.ts';
export { type Authdata, type AuthMode, parseAuthdata } from './authdata.ts';
export { type Client, parseClients } from './clients.ts';
export { ChronyParseError, type ChronyReply, ChronyReplyError } from './errors.ts';
export { type ManualSample, parseManualList } from './manual-list.ts';
export { type Ntpdata, type NtpMode, type NtpTest, parseNtpdata, type TimestampSource } from './ntpdata.ts';
export { parseRtcdata, type Rtcdata } from './rtcdata.ts';
export { parseSelectdata, type Selectdata, type SelectOption, type SelectState } from './selectdata.ts';
export { parseServerstats, type Serverstats, type ServerstatsOptions } from './serverstats.ts';
export { parseSmoothing, type Smoothing } from './smoothing.ts';
export { parseSourceName } from './source-name.ts';
export { parseSources, type Source, type SourceMode, type SourceState } from './sources.ts';
export { parseSourcestats, type Sourcestats } from './sourcestats.ts';
export { type ReportName, type SplitReports, splitReports } from './split-reports.ts';
export { errorBound, parseTracking, type Tracking, type TrackingState } from './tracking.ts';
export type { Leap } from './words.ts';
