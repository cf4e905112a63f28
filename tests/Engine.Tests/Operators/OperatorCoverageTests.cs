namespace Engine.Tests.Operators;

/// <summary>No operator of the engine is without a case, and no case without an operator.</summary>
public class OperatorCoverageTests
{
    [Fact]
    public void Operators_Each_HaveACaseOrAReason()
    {
        var called = OperatorCase.All.Values.SelectMany(one => one.Members).ToHashSet();
        var missing = OperatorMembers.All
            .Where(one => !called.Contains(one.Member) && !OperatorExclusions.Has(one.Member))
            .Select(one => OperatorMembers.Describe(one.Member));
        Assert.True(!missing.Any(), "Without a case:\n" + string.Join('\n', missing));
    }

    [Fact]
    public void Cases_Each_CallAMember()
    {
        var idle = OperatorCase.All.Where(one => !one.Value.Members.Any()).Select(one => one.Key);
        Assert.True(!idle.Any(), "Without a member:\n" + string.Join('\n', idle));
    }
}
