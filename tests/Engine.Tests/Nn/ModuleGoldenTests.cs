using Engine.Tests.Operators;

namespace Engine.Tests.Nn;

/// <summary>Every module of torch.nn against PyTorch: names and shapes of the state, results, gradients, buffers.</summary>
public class ModuleGoldenTests
{
    public static IEnumerable<object[]> Cases => ModuleCase.All.Where(one => !one.Value.IsSeeded).Select(one => new object[] { one.Key });

    [Theory]
    [MemberData(nameof(Cases))]
    public void Module_FilledByTheFormula_GivesWhatPyTorchGives(string name)
    {
        var differences = ModuleCase.All[name].Differences();
        Assert.True(differences.Length == 0, differences);
    }

    [Fact]
    public void Factories_Each_HaveACase()
    {
        // What is given modules, parameters or tables: ContainerTests build it.
        string[] containers = ["Sequential", "ModuleList", "ModuleDict", "ParameterList", "ParameterDict", "TransformerEncoder", "TransformerDecoder", "Linear", "Embedding_from_pretrained", "EmbeddingBag_from_pretrained"];
        var called = ModuleCase.All.Values.SelectMany(one => one.Members).ToHashSet();
        var missing = ModuleCase.Factories.Where(one => !called.Contains(one) && !containers.Contains(one.Name)).Select(OperatorMembers.Describe);
        Assert.True(!missing.Any(), "Without a case:\n" + string.Join('\n', missing));
    }

    [Fact]
    public void Cases_Each_CallAFactory()
    {
        var idle = ModuleCase.All.Where(one => !one.Value.Members.Any()).Select(one => one.Key);
        Assert.True(!idle.Any(), "Without a factory:\n" + string.Join('\n', idle));
    }
}
