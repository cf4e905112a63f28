namespace Engine.Tests.Operators;

/// <summary>Every operator against numbers from PyTorch, called through every overload that takes the case's arguments.</summary>
public class OperatorGoldenTests
{
    public static IEnumerable<object[]> Cases => OperatorCase.All.Keys.Select(name => new object[] { name });

    [Theory]
    [MemberData(nameof(Cases))]
    public void Operator_OnTheArgumentsOfACase_GivesWhatPyTorchGives(string name)
    {
        var one = OperatorCase.All[name];
        var wrong = new List<string>();
        foreach (var member in one.Members)
        {
            string? difference;
            try
            {
                difference = one.Difference(member);
            }
            catch (Exception exception)
            {
                difference = $"threw {exception.GetType().Name}: {exception.Message.Split('\n')[0]}";
            }
            if (difference is not null) wrong.Add($"{OperatorMembers.Describe(member)}: {difference}");
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }
}
