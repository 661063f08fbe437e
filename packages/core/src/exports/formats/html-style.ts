import { createHash } from "node:crypto";

/** How an exported chat looks: by day and by night, on small screens and on paper. */
export const style = `
:root{color-scheme:light dark;--paper:#fafcfc;--ink:#16232b;--soft:#52636c;--line:#dbe2e4}
@media (prefers-color-scheme:dark){:root{--paper:#141c21;--ink:#e3eaec;--soft:#9fb0b8;--line:#2f3b42}}
*{box-sizing:border-box;margin:0}
body{background:var(--paper);color:var(--ink);font:16px/1.6 system-ui,-apple-system,"Segoe UI",sans-serif;
  padding:3rem 1.25rem 4rem;-webkit-text-size-adjust:100%}
header,main,footer{max-width:44rem;margin:0 auto}
h1{font-size:1.6rem;line-height:1.25;letter-spacing:-.015em;overflow-wrap:anywhere;text-wrap:balance}
header p,footer,h2,time{color:var(--soft);font-size:.8125rem}
header p{margin-top:.5rem}
header{padding-bottom:1rem}
h2{display:flex;align-items:center;gap:.75rem;font-weight:500;margin:2rem 0 .5rem}
h2::before,h2::after{content:"";flex:1;border-top:1px solid var(--line)}
article{display:grid;grid-template-columns:2.25rem minmax(0,1fr);column-gap:.75rem;margin-top:1.25rem;
  content-visibility:auto;contain-intrinsic-size:auto 4rem}
article.more{margin-top:.25rem}
article>i{width:2.25rem;height:2.25rem;border-radius:50%;display:grid;place-items:center;font-style:normal;
  font-weight:600;font-size:.875rem;background:hsl(var(--hue) 45% 88%);color:hsl(var(--hue) 55% 20%)}
@media (prefers-color-scheme:dark){
  article>i{background:hsl(var(--hue) 35% 24%);color:hsl(var(--hue) 60% 88%)}}
article>div{grid-column:2}
h3{display:inline;font-size:.875rem;font-weight:600;overflow-wrap:anywhere}
time{margin-left:.5rem;font-variant-numeric:tabular-nums}
pre{font:inherit;white-space:pre-wrap;overflow-wrap:anywhere}
footer{border-top:1px solid var(--line);margin-top:3rem;padding-top:1rem;overflow-wrap:anywhere}
.h0{--hue:200}.h1{--hue:170}.h2{--hue:85}.h3{--hue:40}.h4{--hue:20}.h5{--hue:345}.h6{--hue:265}
@media print{
  :root{--paper:#fff;--ink:#000;--soft:#444;--line:#bbb}
  body{padding:0;font-size:10.5pt}
  article{content-visibility:visible;break-inside:auto}
  h2{break-after:avoid}
  article>i{border:1px solid var(--line);background:none;color:inherit}
}
`;

/**
 * What the file may do once it is opened: look as it does. No script, no address that is fetched, no frame,
 * no form, whatever a text may have brought in.
 */
export const policy = `default-src 'none'; style-src 'sha256-${createHash("sha256")
  .update(style)
  .digest("base64")}'; base-uri 'none'; form-action 'none'`;

/** How many colours there are for authors: the classes \`h0\` and so on. */
export const colours = 7;
