namespace Engine.Tests.Operators;

/// <summary>Random operators after the seed of a case, from the shared generator and from one of their own, against PyTorch's numbers.</summary>
[Collection(nameof(ProcessWide))]
public class RandomGoldenTests
{
    public static IEnumerable<object[]> Cases => OperatorCase.All.Where(one => one.Value.IsSeeded).Select(one => new object[] { one.Key });

    [Theory]
    [MemberData(nameof(Cases))]
    public void Operator_AfterASeed_DrawsWhatPyTorchDraws(string name)
    {
        var differences = OperatorCase.All[name].Differences();
        Assert.True(differences.Length == 0, differences);
    }
}
