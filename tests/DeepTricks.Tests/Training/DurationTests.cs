using DeepTricks.Training;

namespace DeepTricks.Tests.Training;

public class DurationTests
{
    [Theory]
    [InlineData("100st", 100)]
    [InlineData("2ep", 40)]
    [InlineData("0.5ep", 10)]
    [InlineData("0.25dur", 50)]
    public void Parse_EachUnit_IsReadAndWrittenAlike(string text, long steps)
    {
        var duration = Duration.Parse(text);

        Assert.Equal(steps, duration.InSteps(20, 200));
        Assert.Equal(text, duration.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("ep")]
    [InlineData("5")]
    [InlineData("-1st")]
    [InlineData("1.5dur")]
    [InlineData("NaNep")]
    [InlineData("3 epochs")]
    public void Parse_SomethingElse_ThrowsAndShowsIt(string text) =>
        Assert.Contains($"\"{text}\"", Assert.Throws<FormatException>(() => Duration.Parse(text)).Message);

    [Fact]
    public void Fraction_AboveOne_Throws() => Assert.Throws<ArgumentOutOfRangeException>("part", () => Duration.Fraction(1.1));

    [Theory]
    [InlineData(0, false)]
    [InlineData(19, false)]
    [InlineData(20, true)]
    [InlineData(40, true)]
    public void IsDue_EveryEpoch_AtItsEnd(long step, bool expected) =>
        Assert.Equal(expected, new TrainingTime(step, 20, 200).IsDue("1ep"));
}
