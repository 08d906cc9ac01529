/** The style sheet of the report: light and dark, for screens and paper. */

/** One rule for each grouping of the fleet map (fleet-map.ts, MAX_GROUPINGS and all nodes). */
const TABS = Array.from({ length: 8 }, (_, at) => `#map${at}:checked~.p${at}`).join(',');

/** The style sheet. It is allowed by its digest, so nothing in it may depend on what nodes sent. */
export const STYLE = `
:root{--bg:#f6f7f8;--card:#fff;--ink:#1b2126;--dim:#5a656e;--line:#dde2e6;--soft:#eef1f3;--crit:#b3261e;--crit-fill:#d64a41;--crit-soft:#fbeae9;--warn:#8a5200;--warn-fill:#eda62c;--warn-soft:#fdf3e1;--info:#2a639c;--info-fill:#7fb2de;--ok:#2f6f4a;--ok-fill:#a9cfb6;--none-fill:#c3cad0;--accent:#2a639c;--k0:#4e79a7;--k1:#e08a3c;--k2:#59a14f;--k3:#b07aa1;--k4:#76b7b2;--k5:#9c755f;--k6:#bab0ac}
@media(prefers-color-scheme:dark){:root{--bg:#12171b;--card:#1a2026;--ink:#e4e9ed;--dim:#98a4ae;--line:#2c353d;--soft:#222a31;--crit:#ff8a80;--crit-fill:#d9534a;--crit-soft:#33201f;--warn:#f4b860;--warn-fill:#d3902a;--warn-soft:#33291a;--info:#8fc1ef;--info-fill:#4a82b4;--ok:#8fcea7;--ok-fill:#3f7656;--none-fill:#4b565f;--accent:#8fc1ef;--k0:#6b9bd1;--k1:#e6a15c;--k2:#74b96a;--k3:#c295b6;--k4:#86c5c0;--k5:#b58e76;--k6:#8d8a88}}
*{box-sizing:border-box}
html{scroll-behavior:smooth}
@media(prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0 auto;max-width:1120px;padding:32px 28px 48px;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;font-variant-numeric:tabular-nums}
h1{font-size:32px;line-height:1.2;margin:4px 0 10px;letter-spacing:-.01em;font-weight:650}
h1.critical{color:var(--crit)}h1.warning{color:var(--warn)}h1.healthy{color:var(--ok)}
h2{font-size:19px;margin:44px 0 12px;font-weight:650}
h3{font-size:15px;margin:0 0 4px;font-weight:600}
p{margin:0 0 8px}a{color:var(--accent)}
.eyebrow{color:var(--dim);font-size:13px;margin:0}
.lead{font-size:16px;max-width:80ch;margin:0 0 6px}
.dim,.dim *{color:var(--dim)}.none{color:var(--ok)}
.subject{color:var(--dim);font-weight:400}
code{font:12.5px/1.5 ui-monospace,"SFMono-Regular","DejaVu Sans Mono",Menlo,monospace;overflow-wrap:anywhere}
svg{display:block;max-width:100%}
.states{width:100%;height:12px;margin-top:18px;border-radius:3px}
rect.critical{fill:var(--crit-fill)}rect.warning{fill:var(--warn-fill)}rect.silent{fill:var(--ink)}rect.unclear{fill:var(--ok-fill);opacity:.55}rect.info{fill:var(--ok-fill)}rect.healthy{fill:var(--ok-fill)}
.card{background:var(--card);border:1px solid var(--line);border-left:5px solid var(--none-fill);border-radius:6px;padding:14px 18px 10px;margin:0 0 12px;break-inside:avoid}
.card.critical{border-left-color:var(--crit-fill)}.card.warning{border-left-color:var(--warn-fill)}.card.info{border-left-color:var(--info-fill)}
.card h3{font-size:16.5px}
.tag{display:inline-block;font-size:11.5px;font-weight:700;letter-spacing:.04em;text-transform:uppercase;padding:1px 7px;border-radius:3px;vertical-align:2px;margin-right:4px}
.critical .tag{background:var(--crit-soft);color:var(--crit)}.warning .tag{background:var(--warn-soft);color:var(--warn)}.info .tag{background:var(--soft);color:var(--info)}
.where{margin:2px 0 8px;overflow-wrap:anywhere}
.why{background:var(--soft);border-radius:4px;padding:6px 10px;overflow-wrap:anywhere}
.evidence code{color:var(--dim)}
.remedy::before{content:"→ ";color:var(--accent);font-weight:700}
details{margin:4px 0}summary{cursor:pointer;color:var(--accent);font-size:14px}summary:focus-visible,a:focus-visible,input:focus-visible+label{outline:2px solid var(--accent);outline-offset:2px}
.infos>summary{margin-bottom:10px}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:13.5px}
th,td{text-align:left;padding:5px 14px 5px 0;border-bottom:1px solid var(--line);vertical-align:top}
thead th{color:var(--dim);font-weight:500;white-space:nowrap}
tbody th{font-weight:500;white-space:nowrap}
.free,.free *{overflow-wrap:anywhere}.nodes td:not(.free){white-space:nowrap}
.num{text-align:right;white-space:nowrap}
section>.scroll>table,.map{background:none}
.legend span{display:inline-flex;align-items:center;gap:6px;margin-right:18px;font-size:13.5px;color:var(--dim)}
.tabs{display:flex;flex-wrap:wrap;gap:6px 6px}
.tabs>input{position:absolute;opacity:0;width:1px;height:1px}
.tabs>label{padding:4px 11px;border:1px solid var(--line);border-radius:15px;font-size:13.5px;cursor:pointer;background:var(--card)}
.tabs>input:checked+label{background:var(--ink);color:var(--bg);border-color:var(--ink)}
.panel{display:none;flex-basis:100%;margin-top:12px}
${TABS}{display:block}
.group{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:10px 14px 12px;margin:0 0 8px;break-inside:avoid}
.group h3{font-size:14px;overflow-wrap:anywhere}.group h3 .dim{font-weight:400;margin-left:6px}
.cells{display:flex;flex-wrap:wrap;gap:3px}
.cell{display:inline-block;width:17px;height:17px;border-radius:3px;background:var(--ok-fill);text-decoration:none;flex:none;position:relative}
.small .cell{width:10px;height:10px;border-radius:2px}.small{gap:2px}
.named{gap:5px}.named .cell{width:auto;height:auto;padding:2px 9px;font-size:13px;color:var(--ink)}
.cell.critical{background:var(--crit-fill);color:#fff}.cell.warning{background:var(--warn-fill);color:#1b1300}.cell.info{background:var(--ok-fill);box-shadow:inset 0 -4px 0 var(--info-fill)}.cell.unclear{background:repeating-linear-gradient(135deg,var(--ok-fill) 0 3px,var(--soft) 3px 6px)}.cell.silent{background:none;border:1.5px dashed var(--dim)}
.medium .cell.critical::after,.legend .cell.critical::after,.nodes .cell.critical::after{content:"";position:absolute;inset:5px;background:#fff;border-radius:50%}
.cell:hover{outline:2px solid var(--ink)}
.legend .cell,.nodes .cell{width:14px;height:14px;vertical-align:-2px}.legend .cell.critical::after,.nodes .cell.critical::after{inset:4px}
.chart{width:100%;min-width:640px;height:auto;background:var(--card);border:1px solid var(--line);border-radius:6px;padding:8px}
.chart text{font-size:12.5px;fill:var(--ink)}.chart .name{text-anchor:end}.chart .tick,.chart tspan.dim{fill:var(--dim);font-size:11.5px}
.grid{stroke:var(--line)}.zero{stroke:var(--dim)}.band{fill:var(--ok-fill);opacity:.22}
.bar{stroke:var(--dim);stroke-width:1.5}.ok circle{fill:var(--accent)}.off circle{fill:var(--crit-fill)}.off .bar{stroke:var(--crit-fill)}.off text{fill:var(--crit);font-weight:600}
.spark{width:132px;height:24px}.spark .line{fill:none;stroke:var(--accent);stroke-width:1.3}.spark .area{fill:var(--accent);opacity:.13}
.bars td{vertical-align:middle}.bars .wide{width:30%}.bars td{white-space:nowrap}
.hbar{width:100%;height:10px}.hbar .errors{fill:var(--warn-fill)}.hbar .drops{fill:var(--none-fill)}
.heat1{background:color-mix(in srgb,var(--warn-fill) 8%,transparent)}.heat2{background:color-mix(in srgb,var(--warn-fill) 18%,transparent)}.heat3{background:color-mix(in srgb,var(--warn-fill) 32%,transparent)}.heat4{background:color-mix(in srgb,var(--crit-fill) 35%,transparent)}.heat5{background:color-mix(in srgb,var(--crit-fill) 60%,transparent)}
td[class*=heat]{padding-right:8px}
.stacks{display:grid;grid-template-columns:repeat(auto-fit,minmax(440px,1fr));gap:14px}
.stack{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:12px 16px;break-inside:avoid}
.stack svg{width:100%;height:16px;border-radius:3px}
.stack ul{list-style:none;margin:8px 0 0;padding:0;font-size:13.5px}.stack li{display:flex;gap:8px;align-items:baseline;padding:1px 0}.stack li>span:first-of-type{overflow-wrap:anywhere}.stack i{flex:none;width:10px;height:10px;border-radius:2px}
${Array.from({ length: 7 }, (_, at) => `rect.k${at}{fill:var(--k${at})}i.k${at}{background:var(--k${at})}`).join('')}
tr:target{background:var(--warn-soft)}
footer{margin-top:48px;color:var(--dim);font-size:13.5px;border-top:1px solid var(--line);padding-top:12px}
@media(max-width:640px){body{padding:20px 14px}h1{font-size:25px}.stacks{grid-template-columns:1fr}}
@media print{:root{--bg:#fff;--card:#fff}body{max-width:none;padding:0;font-size:12px;print-color-adjust:exact;-webkit-print-color-adjust:exact}.tabs>label{display:none}.tabs>input:checked+label{display:inline-block}summary{display:none}details::details-content{content-visibility:visible;block-size:auto}.scroll{overflow:visible}h2{break-after:avoid}}
`;
