namespace Engine.Tests.Nn;

/// <summary>Modules that draw, after the seed of a case, against PyTorch.</summary>
[Collection(nameof(ProcessWide))]
public class RandomModuleGoldenTests
{
    public static IEnumerable<object[]> Cases => ModuleCase.All.Where(one => one.Value.IsSeeded).Select(one => new object[] { one.Key });

    [Theory]
    [MemberData(nameof(Cases))]
    public void Module_AfterASeed_DrawsWhatPyTorchDraws(string name)
    {
        var differences = ModuleCase.All[name].Differences();
        Assert.True(differences.Length == 0, differences);
    }
}
