using DeepTricks.Reporting;

namespace DeepTricks.Tests.Reporting;

public sealed class LabelLayoutTests
{
    [Fact]
    public void Separate_LabelsApart_StayWhereTheyWant()
        => Assert.Equal([80.0, 20, 50], LabelLayout.Separate([80, 20, 50], [10, 10, 10], 0, 100));

    [Fact]
    public void Separate_LabelsOnOnePlace_SpreadEvenlyAroundIt()
        => Assert.Equal([40.0, 50, 60], LabelLayout.Separate([50, 50, 50], [10, 10, 10], 0, 100));

    [Fact]
    public void Separate_LabelsAtTheEdge_StayInside()
        => Assert.Equal([85.0, 95], LabelLayout.Separate([99, 100], [10, 10], 0, 100));

    [Fact]
    public void Separate_RandomWishes_NeverOverlapAndKeepTheirOrder()
    {
        var random = new Random(3);
        for (var round = 0; round < 200; round++)
        {
            double[] wishes = [.. Enumerable.Range(0, 12).Select(_ => random.NextDouble() * 300)];
            double[] heights = [.. wishes.Select(_ => 5 + random.NextDouble() * 15)];

            var centres = LabelLayout.Separate(wishes, heights, 0, 300);

            int[] order = [.. Enumerable.Range(0, 12).OrderBy(i => wishes[i])];
            foreach (var (above, below) in order.Zip(order.Skip(1)))
                Assert.True(centres[below] - centres[above] >= (heights[above] + heights[below]) / 2 - 1e-9);
            Assert.True(centres[order[0]] >= heights[order[0]] / 2 - 1e-9 && centres[order[^1]] <= 300 - heights[order[^1]] / 2 + 1e-9);
        }
    }

    [Fact]
    public void Wrap_LongText_BreaksBetweenWordsAndLosesNothing()
    {
        const string Text = "Dropout and confidence penalty with an extraordinarilylongunbrokenwordthatdoesnotfit";

        var lines = LabelLayout.Wrap(Text, 100, 13);

        Assert.All(lines, line => Assert.True(LabelLayout.Width(line, 13) <= 100, line));
        Assert.Equal(Text.Replace(" ", ""), string.Concat(lines).Replace(" ", ""));
        Assert.Equal("Dropout and", lines[0]);
    }
}
