namespace Engine.Tests.Operators;

/// <summary>Every operator against numbers from PyTorch, called through every overload that takes the case's arguments.</summary>
public class OperatorGoldenTests
{
    public static IEnumerable<object[]> Cases => OperatorCase.All.Where(one => !one.Value.IsSeeded).Select(one => new object[] { one.Key });

    [Theory]
    [MemberData(nameof(Cases))]
    public void Operator_OnTheArgumentsOfACase_GivesWhatPyTorchGives(string name)
    {
        var differences = OperatorCase.All[name].Differences();
        Assert.True(differences.Length == 0, differences);
    }
}
