using DeepTricks.Training;

namespace DeepTricks.Tests.Training;

public class ScheduleTests
{
    [Fact]
    public void Linear_OverTheTraining_IsAStraightLine() => Assert.Equal([2, 1.5, 1, 0.5, 0], Values(Schedule.Linear(2, 0), 0, 5, 10, 15, 20));

    [Fact]
    public void Cosine_OverTheTraining_IsHalfAPeriod() =>
        AssertClose([1, (1 + Math.Sqrt(0.5)) / 2, 0.5, (1 - Math.Sqrt(0.5)) / 2, 0], Values(Schedule.Cosine(1, 0), 0, 5, 10, 15, 20));

    [Fact]
    public void Polynomial_OfPowerTwo_IsTheSquareOfWhatIsLeft() => AssertClose([1, 0.25, 0], Values(Schedule.Polynomial(1, 0, 2), 0, 10, 20));

    [Fact]
    public void Step_EveryFiveSteps_FallsByItsFactor() => AssertClose([1, 1, 0.1, 0.1, 0.01], Values(Schedule.Step(1, 0.1, "5st"), 0, 4, 5, 9, 10));

    [Fact]
    public void WarmUp_OfFourSteps_RisesAndThenFollowsOverTheRest() =>
        AssertClose([0.2, 0.4, 0.6, 0.8, 1, 0.5, 0], Values(Schedule.WarmUp("4st", Schedule.Linear(1, 0)), 0, 1, 2, 3, 4, 12, 20));

    [Fact]
    public void Sequence_OfTwo_RunsEachOverItsPart() =>
        AssertClose([0, 0.5, 3, 2, 1], Values(Schedule.Sequence(("0.5dur", Schedule.Linear(0, 1)), ("0.5dur", Schedule.Linear(3, 1))), 0, 5, 10, 15, 20));

    [Fact]
    public void OneCycle_RisesAndFallsFarBelowItsStart() =>
        AssertClose([0.04, 1, 0.04 / 1e4], Values(Schedule.OneCycle(1, rise: 0.5), 0, 10, 20));

    [Fact]
    public void Sequence_OfNothing_Throws() => Assert.Throws<ArgumentException>("parts", () => Schedule.Sequence());

    private static double[] Values(Schedule schedule, params int[] steps) => [.. steps.Select(step => schedule.At(new(step, 5, 20)))];

    private static void AssertClose(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-12);
    }
}
