using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using DeepTricks.Reporting;

namespace DeepTricks.Tests.Reporting;

public sealed partial class ChartTests
{
    private static readonly Axis X = new("Epoch");
    private static readonly Axis Y = new("Error", "%");

    public static TheoryData<Chart> Charts => new(
        new LineChart("t", X, Y, Series.OfValues("a", [1, double.NaN, 3, 4, double.PositiveInfinity]), Series.OfRuns("b", [1, 2], [[1, 2], [3, 5]])),
        new LineChart("t", X, Y, Series.OfValues("a", [double.NaN])),
        new LineChart("t", X, new("Rate") { Logarithmic = true }, Series.OfValues("a", [0, -1, 1e-3, 1])) { Steps = true },
        new LineChart("t", X, Y, [.. Enumerable.Range(0, 40).Select(i => Series.OfValues($"Series {i}", [i, i]))]),
        new ScatterChart("t", X, Y, Series.OfValues("a", [1, 2, double.NaN]), Series.OfValues("b", [4, 5])),
        new BarChart("t", Y, new Bar("a", 1, 0.2), new Bar("b", -2), new Bar("c", double.NaN), new Bar("d", 3, double.PositiveInfinity)),
        new DensityChart("t", new("p") { Minimum = 0, Maximum = 1 }, new Sample("a", [0.1, 0.5, 1]), new Sample("b", [double.NaN]), new Sample("c", [1, 1])),
        new DensityChart("t", new("p"), new Sample("a", [1, 2, 5])) { Shape = DensityShape.Histogram, CommonScale = true, Bins = 7 });

    [Theory]
    [MemberData(nameof(Charts))]
    public void Write_AnyChart_IsWellFormedFiniteAndDescribed(Chart chart)
    {
        foreach (var svg in Drawings(chart))
        {
            Assert.Equal("img", svg.Attribute("role")!.Value);
            Assert.NotEmpty(svg.Element("title")!.Value);
            Assert.NotEmpty(svg.Element("desc")!.Value);
            foreach (var attribute in svg.DescendantsAndSelf().Attributes().Where(attribute => attribute.Name != "class"))
                Assert.DoesNotMatch("NaN|Infinity|∞|E[+-]", attribute.Value);
        }
    }

    [Theory]
    [MemberData(nameof(Charts))]
    public void Write_AnyChart_KeepsItsTextInsideTheDrawing(Chart chart)
    {
        foreach (var svg in Drawings(chart))
        {
            double[] box = [.. svg.Attribute("viewBox")!.Value.Split(' ').Select(double.Parse)];
            var size = double.Parse(svg.Attribute("font-size")!.Value);
            foreach (var text in svg.Descendants("text"))
            {
                var width = LabelLayout.Width(text.Value, size);
                var left = (double)text.Attribute("x")! - text.Attribute("text-anchor")?.Value switch { "end" => width, "middle" => width / 2, _ => 0 };
                Assert.True(left >= -1 && left + width <= box[2] + 1, $"{text} spans {left} to {left + width} of {box[2]}");
                Assert.InRange((double)text.Attribute("y")!, size * 0.7, box[3]);
            }
        }
    }

    [Fact]
    public void Write_ValueThatIsNotFinite_InterruptsTheLineWithoutPoisoningTheAxis()
    {
        var svg = Drawings(new LineChart("t", X, Y, Series.OfValues("a", [1, 2, double.NaN, double.NegativeInfinity, 2, 1]))).First();

        var line = svg.Descendants("path").Single(path => path.Attribute("class")!.Value == "line").Attribute("d")!.Value;
        Assert.Equal(2, line.Count(character => character == 'M'));
        Assert.Equal(["1.0", "1.2", "1.4", "1.6", "1.8", "2.0"], Ticks(svg, "end"));
    }

    [Fact]
    public void Write_FortySeries_NoTwoNamesShareAPlace()
    {
        var svg = Drawings(new LineChart("t", X, Y, [.. Enumerable.Range(0, 40).Select(i => Series.OfValues($"Series {i}", [i % 3]))])).Last();

        double[] baselines = [.. svg.Descendants("text").Where(text => text.Attribute("class")!.Value == "name").Select(text => (double)text.Attribute("y")!).Order()];
        Assert.Equal(40, baselines.Length);
        Assert.All(baselines.Zip(baselines.Skip(1)), pair => Assert.True(pair.Second - pair.First >= 13));
    }

    [Fact]
    public void Write_MillionSteps_MakesASmallDrawingThatKeepsTheSpike()
    {
        var values = new double[1_000_000];
        values[333_333] = 7;

        var chart = new LineChart("t", X, Y, Series.OfValues("a", values));

        var line = Drawings(chart).First().Descendants("path").Single(path => path.Attribute("class")!.Value == "line").Attribute("d")!.Value;
        Assert.True(line.Length < 100_000, $"{line.Length} characters");
        var (first, second) = (Number().Matches(line).Select(match => double.Parse(match.Value)).Where((_, i) => i % 2 == 1).Max(), Number().Matches(line).Select(match => double.Parse(match.Value)).Where((_, i) => i % 2 == 1).Min());
        Assert.True(first - second > 200, "the spike reaches up the plot");
    }

    [Fact]
    public void Constructors_NothingToDraw_SayWhatIsMissing()
    {
        Assert.Contains("no series", Assert.Throws<ArgumentException>(() => new LineChart("t", X, Y)).Message);
        Assert.Contains("no series", Assert.Throws<ArgumentException>(() => new ScatterChart("t", X, Y)).Message);
        Assert.Contains("no bar", Assert.Throws<ArgumentException>(() => new BarChart("t", X)).Message);
        Assert.Contains("no sample", Assert.Throws<ArgumentException>(() => new DensityChart("t", X)).Message);
        Assert.Contains("\"a\" is empty", Assert.Throws<ArgumentException>(() => new Sample("a", [])).Message);
    }

    [Theory]
    [InlineData(2.0, 1.0, false)]
    [InlineData(double.NaN, null, false)]
    [InlineData(0.0, null, true)]
    public void Constructor_ImpossibleAxis_NamesIt(double minimum, double? maximum, bool logarithmic)
        => Assert.Equal("y", Assert.Throws<ArgumentException>(() => new LineChart("t", X, new("v") { Minimum = minimum, Maximum = maximum, Logarithmic = logarithmic }, Series.OfValues("a", [1]))).ParamName);

    [Fact]
    public void Constructor_BarsWithoutZero_Throws()
    {
        Assert.Throws<ArgumentException>(() => new BarChart("t", new("v") { Logarithmic = true }, new Bar("a", 1)));
        Assert.Throws<ArgumentException>(() => new BarChart("t", new("v") { Minimum = 1 }, new Bar("a", 1)));
    }

    [Fact]
    public void Numbers_ManyPlaces_AreThinnedAndSaySo()
    {
        var html = new StringBuilder();
        new LineChart("t", X, Y, Series.OfValues("a", new double[1000])).Write(html, "c");

        Assert.Contains("one row in 5", html.ToString());
        Assert.Equal(200, html.ToString().Split("<th scope=\"row\"").Length - 1);
    }

    [Fact]
    public void Numbers_LinesWithABand_ShowBothBoundsWithTheSameDecimals()
    {
        var html = new StringBuilder();
        new LineChart("t", X, Y, Series.OfRuns("a", [1, 2], [[9.5, 12], [10, 13]], Spread.MinimumToMaximum)).Write(html, "c");

        Assert.Contains(">9.75 (9.50 to 10.00)<", html.ToString());
        Assert.Contains(">12.50 (12.00 to 13.00)<", html.ToString());
    }

    private static IEnumerable<XElement> Drawings(Chart chart)
    {
        var html = new StringBuilder();
        chart.Write(html, "c");
        XElement[] drawings = [.. Drawing().Matches(html.ToString()).Select(match => XElement.Parse(match.Value))];
        Assert.Equal(["wide", "narrow"], drawings.Select(svg => svg.Attribute("class")!.Value));
        return drawings;
    }

    private static IEnumerable<string> Ticks(XElement svg, string anchor) => svg.Elements("text")
        .Where(text => text.Attribute("class")!.Value == "tick" && text.Attribute("text-anchor")!.Value == anchor)
        .Select(text => text.Value);

    [GeneratedRegex("<svg.*?</svg>", RegexOptions.Singleline)]
    private static partial Regex Drawing();

    [GeneratedRegex(@"-?\d+(\.\d+)?")]
    private static partial Regex Number();
}
