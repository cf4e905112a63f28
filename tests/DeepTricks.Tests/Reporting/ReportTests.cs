using System.Globalization;
using System.Text.RegularExpressions;
using DeepTricks.Reporting;

namespace DeepTricks.Tests.Reporting;

public sealed partial class ReportTests
{
    [Fact]
    public void ToHtml_HostileText_IsShownAndNotRun()
    {
        const string Hostile = "<script>alert(\"1\")</script> & ' \0 \ud800";

        var html = new Report(Hostile).Heading(Hostile).Text(Hostile)
            .Table(new Table(new TableColumn(Hostile, Hostile)) { Caption = Hostile }.Row(Hostile))
            .Chart(new LineChart(Hostile, new(Hostile, Hostile), new(Hostile), Series.OfValues(Hostile, [1])) { Description = Hostile })
            .Chart(new BarChart(Hostile, new(Hostile), new Bar(Hostile, 1)))
            .Chart(new DensityChart(Hostile, new(Hostile), new Sample(Hostile, [1])))
            .Pictures(new Picture([0], 1, 1, 1) { Caption = Hostile, Alternative = Hostile })
            .ToHtml();

        Assert.DoesNotContain("<script", html);
        Assert.DoesNotContain("\0", html);
        Assert.Contains("<h2>&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39; \ufffd \ufffd</h2>", html);
    }

    [Fact]
    public void ToHtml_FullReport_NeedsNoOtherResource()
    {
        var html = Full().ToHtml();

        Assert.DoesNotMatch("<script|<link|@import|https?:|(src|href)=\"(?!data:)", html);
        Assert.Matches("url\\(#chart1-wide-clip\\)", html);
        Assert.Contains("default-src 'none'", html);
    }

    [Fact]
    public void ToHtml_SeveralCharts_GivesEveryIdOnceAndEveryReferenceATarget()
    {
        var html = Full().ToHtml();

        string[] ids = [.. Id().Matches(html).Select(match => match.Groups[1].Value)];
        Assert.Equal(ids.Length, ids.Distinct().Count());
        foreach (Match match in LabelledBy().Matches(html))
            Assert.Subset(ids.ToHashSet(), match.Groups[1].Value.Split(' ').ToHashSet());
    }

    [Fact]
    public void ToHtml_OtherCulture_GivesTheSameBytes()
    {
        var expected = Full().ToHtml();
        var before = CultureInfo.CurrentCulture;
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (comma.NumberFormat.NumberDecimalSeparator, comma.NumberFormat.NegativeSign) = (",", "~");
        try
        {
            CultureInfo.CurrentCulture = comma;
            Assert.Equal(expected, Full().ToHtml());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData(":root{")]
    [InlineData("(prefers-color-scheme:dark){:root{")]
    public void Stylesheet_EitherTheme_GivesEveryTextColourAContrastOfAtLeastFourAndAHalf(string theme)
    {
        var rules = Stylesheet.Text[(Stylesheet.Text.IndexOf(theme, StringComparison.Ordinal) + theme.Length)..];
        var colours = Colour().Matches(rules[..rules.IndexOf('}')]).ToDictionary(match => match.Groups[1].Value, match => Luminance(match.Groups[2].Value));

        string[] texts = ["ink", "soft", .. Enumerable.Range(0, SvgWriter.Colors).Select(i => $"c{i}")];
        Assert.All(texts, name =>
        {
            var (lighter, darker) = (Math.Max(colours[name], colours["page"]), Math.Min(colours[name], colours["page"]));
            Assert.True((lighter + 0.05) / (darker + 0.05) >= 4.5, name);
        });

        static double Luminance(string hex)
        {
            double[] linear = [.. Convert.FromHexString(hex).Select(channel => channel / 255.0).Select(c => c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4))];
            return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
        }
    }

    [Fact]
    public void Save_TwiceIntoMissingFolder_LeavesTheLatestReportAlone()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var path = Path.Combine(folder.FullName, "new", "report.html");
            new Report("first").Save(path);
            new Report("second").Save(path);

            Assert.Contains("<title>second</title>", File.ReadAllText(path));
            Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
            Assert.Equal((byte)'<', File.ReadAllBytes(path)[0]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Text_EmptyLine_BeginsAParagraph()
        => Assert.Contains("<p>one</p>\n<p>two\nstill two</p>", new Report("t").Text("one\r\n\r\ntwo\r\nstill two").ToHtml());

    [Fact]
    public void Pictures_Magnified_StaySharpAndCarryTheirText()
    {
        var html = new Report("t").Pictures(new Picture([0, 255], 2, 1, 1) { Magnification = 8, Caption = "two pixels" }).ToHtml();

        Assert.Contains("<img class=\"sharp\" width=\"16\" height=\"8\" alt=\"two pixels\" src=\"data:image/png;base64,iVBOR", html);
        Assert.Contains("<figcaption>two pixels</figcaption>", html);
    }

    private static Report Full() => new Report("t").Text("x").Heading("h")
        .Table(new Table(new("a"), new("b") { Best = BestValue.Lowest }).Row("r", -1.5).Row("s", new TableCell(2.5, 0.25)))
        .Chart(new LineChart("l", new("x"), new("y", "%"), Series.OfRuns("a", [1, 2], [[1.5, -2.5], [3, 4]])))
        .Chart(new ScatterChart("s", new("x"), new("y"), Series.OfValues("a", [1.5, 2.5]), Series.OfValues("b", [1.5, -2.5])))
        .Chart(new BarChart("b", new("x"), new Bar("a", -1.5, 0.5)))
        .Chart(new DensityChart("d", new("x"), new Sample("a", [0.25, -0.75])))
        .Pictures(new Picture([1, 2, 3], 1, 1, 3));

    [GeneratedRegex(" id=\"([^\"]+)\"")]
    private static partial Regex Id();

    [GeneratedRegex("aria-labelledby=\"([^\"]+)\"")]
    private static partial Regex LabelledBy();

    [GeneratedRegex("--([a-z0-9]+):#([0-9a-f]{6})")]
    private static partial Regex Colour();
}
