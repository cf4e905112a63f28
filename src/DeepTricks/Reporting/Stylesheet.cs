namespace DeepTricks.Reporting;

/// <summary>How a report looks, in both themes.</summary>
internal static class Stylesheet
{
    /// <summary>
    /// The palette's eight colours were searched for the largest smallest difference (CIE Lab) under normal vision and under simulated
    /// deuteranopia, protanopia and tritanopia, at a contrast of 4.6 : 1 or more against the page.
    /// </summary>
    internal const string Text = """
        :root{color-scheme:light dark;--page:#ffffff;--ink:#1b1f24;--soft:#59616b;--rule:#e3e6ea;--edge:#8a929b;--mark:#f2f5f9;
        --c0:#156bd1;--c1:#a96212;--c2:#21844e;--c3:#502188;--c4:#683e09;--c5:#0c4c6f;--c6:#621524;--c7:#6f6f77}
        @media(prefers-color-scheme:dark){:root{--page:#14171c;--ink:#e6e9ee;--soft:#a3abb6;--rule:#2a3038;--edge:#6d7681;--mark:#1d222a;
        --c0:#9fc0fa;--c1:#cd7912;--c2:#43d89d;--c3:#8a70ec;--c4:#e3df1b;--c5:#139599;--c6:#e86656;--c7:#e6e5f6}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 -apple-system,"Segoe UI",Roboto,"Noto Sans",Arial,"Liberation Sans",sans-serif}
        main{max-width:880px;margin:0 auto;padding:24px 16px 64px}
        h1{font-size:1.8rem;line-height:1.2;margin:.4em 0 .6em}
        h2{font-size:1.3rem;line-height:1.3;margin:2em 0 .5em}
        p{margin:.6em 0;max-width:70ch;overflow-wrap:break-word}
        figure{margin:1.6em 0;break-inside:avoid}
        figcaption strong{display:block;font-size:1.05rem}
        figcaption span{display:block;color:var(--soft);font-size:.9rem}
        .note{color:var(--soft);font-size:.85rem;margin-top:.3em}
        .chart svg{display:block;width:100%;height:auto;overflow:visible;margin-top:.8em;font-family:inherit}
        .chart svg.narrow{display:none;max-width:520px}
        @media(max-width:699px){.chart svg.wide{display:none}.chart svg.narrow{display:block}}
        .c0{color:var(--c0)}.c1{color:var(--c1)}.c2{color:var(--c2)}.c3{color:var(--c3)}.c4{color:var(--c4)}.c5{color:var(--c5)}.c6{color:var(--c6)}.c7{color:var(--c7)}
        svg text{fill:var(--ink);paint-order:stroke;stroke:var(--page);stroke-width:3;stroke-linejoin:round}
        svg .tick{fill:var(--soft);font-variant-numeric:tabular-nums}
        svg .axis{fill:var(--soft)}
        svg .name{fill:currentColor;font-weight:600}
        svg .value{font-variant-numeric:tabular-nums}
        svg path{fill:none}
        svg .grid{stroke:var(--rule)}
        svg .base{stroke:var(--edge)}
        svg .line{stroke:currentColor;stroke-width:2.2;stroke-linejoin:round;stroke-linecap:round}
        svg .thin{stroke-width:1.6}
        svg .dashed{stroke-dasharray:7 5}
        svg .dot{stroke:currentColor;stroke-width:7;stroke-linecap:round}
        svg .leader{stroke:currentColor;opacity:.55}
        svg .far{stroke-dasharray:1 4;stroke-linecap:round}
        svg .band{fill:currentColor;opacity:.16}
        svg .mean{stroke:currentColor;stroke-width:2.2}
        svg .point{fill:currentColor;stroke:var(--page);stroke-width:.7}
        svg .bar{fill:currentColor;opacity:.6}
        svg .whisker{stroke:var(--ink);stroke-width:1.6}
        details{margin-top:.4em;font-size:.9rem}
        summary{color:var(--soft);cursor:pointer;width:max-content;padding:.2em 0}
        .scroll{overflow-x:auto;max-width:100%;margin-top:.8em;background:linear-gradient(to left,var(--page) 30%,transparent) right/40px 100% no-repeat local,
        linear-gradient(to left,var(--edge),transparent) right/10px 100% no-repeat scroll}
        details td{white-space:nowrap}
        details .scroll{max-height:26em;overflow-y:auto}
        table{border-collapse:collapse;font-variant-numeric:tabular-nums}
        caption{text-align:left;color:var(--soft);padding:0 0 .4em;font-size:.9rem}
        th,td{padding:.42em .7em;text-align:left;border-bottom:1px solid var(--rule);vertical-align:top}
        th:first-child{padding-left:0;position:sticky;left:0;background:var(--page)}
        thead th{border-bottom:1.5px solid var(--edge);vertical-align:bottom}
        tbody th{font-weight:400}
        th small{font-weight:400;color:var(--soft);white-space:nowrap}
        .number{text-align:right}
        td.number{white-space:nowrap}
        .shown{padding:.3em .25em}
        .star{color:var(--c1);font-size:.85em}
        .pictures{display:flex;flex-wrap:wrap;gap:16px;margin:1.2em 0}
        .picture{margin:0;max-width:100%}
        .picture figcaption{color:var(--soft);font-size:.85rem;line-height:1.35;margin-top:.3em}
        img{display:block;max-width:100%;height:auto}
        img.sharp{image-rendering:pixelated}
        :focus-visible{outline:2px solid var(--c0);outline-offset:2px}
        @media(max-width:480px){h1{font-size:1.45rem}th,td{padding:.4em .55em;font-size:.92rem}}
        @media print{main{max-width:none}details{display:none}}
        """;
}
