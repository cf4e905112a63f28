using System.Text;
using DeepTricks.Reporting;

namespace DeepTricks.Tests.Reporting;

public sealed class TableTests
{
    [Fact]
    public void Write_LowestAndHighest_MarksTheBestOfEach()
    {
        var html = Write(new Table(new("Arm"), new("Error") { Best = BestValue.Lowest }, new("Accuracy") { Best = BestValue.Highest, Format = "0.0" })
            .Row("a", 6.5, 90).Row("b", new TableCell(5.25, spread: 0.5), 80));

        Assert.Contains("★</span> 5.25 ± 0.50</strong>", html);
        Assert.Contains("★</span> 90.0</strong>", html);
        Assert.Equal(2, Count(html, "<strong>"));
    }

    [Fact]
    public void Write_ValuesThatReadTheSame_AreBothMarked()
        => Assert.Equal(2, Count(Write(new Table(new("Arm"), new("Error") { Best = BestValue.Lowest }).Row("a", 1.001).Row("b", 1.002).Row("c", 2)), "<strong>"));

    [Fact]
    public void Write_ValueThatIsNotFinite_IsShownAndNeverTheBest()
    {
        var html = Write(new Table(new("Arm"), new("Error") { Best = BestValue.Lowest }).Row("a", double.NaN).Row("b", double.NegativeInfinity).Row("c", 2).Row("d", 3));

        Assert.Contains("<td class=\"number\">NaN</td>", html);
        Assert.Contains("<td class=\"number\">−∞</td>", html);
        Assert.Contains("★</span> 2.00", html);
    }

    [Fact]
    public void Write_OneRow_MarksNothing()
        => Assert.DoesNotContain("★", Write(new Table(new("Arm"), new("Error") { Best = BestValue.Lowest }).Row("a", 1)));

    [Fact]
    public void Write_Picture_StandsInItsCellWithItsCaption()
    {
        var html = Write(new Table(new("Slice"), new("Truth")).Row("first", new Picture([0], 1, 1, 1) { Caption = "a <dot>" }));

        Assert.Matches("<td class=\"shown\"><figure class=\"picture\".*<img .*a &lt;dot&gt;</figcaption></figure></td>", html);
    }

    [Fact]
    public void Row_WrongNumberOfCells_SaysBoth()
        => Assert.Contains("2 cells; expected 1", Assert.Throws<ArgumentException>(() => new Table(new TableColumn("a")).Row("x", 1)).Message);

    private static string Write(Table table)
    {
        var html = new StringBuilder();
        table.Write(html);
        return html.ToString();
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
