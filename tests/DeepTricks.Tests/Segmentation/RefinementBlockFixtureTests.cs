using DeepTricks.Segmentation;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Segmentation;

/// <summary>The blocks against those of DrSleep's repositories: tests/fixtures/segmentation/make_refinenet.py.</summary>
public sealed class RefinementBlockFixtureTests
{
    private static readonly GoldenFile Fixtures = GoldenFile.Read("segmentation/refinement-blocks.json");

    public static IEnumerable<object[]> Names => Fixtures.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Call_OfABlockAlone_GivesTheOriginalsResultAndGradients(string name)
    {
        using var scope = NewDisposeScope();
        var one = Fixtures[name];
        var dtype = GoldenSample.DtypeOf(one.Text("dtype"));
        var shapes = one["inputs"].Element.EnumerateArray().Select(shape => shape.EnumerateArray().Select(size => size.GetInt64()).ToArray()).ToList();
        using var module = Golden.Fill(Make(one, shapes).to(dtype));
        var inputs = shapes.Select((shape, i) => Golden.Tensor($"input{i}", shape, dtype: dtype).requires_grad_()).ToList();

        var output = module is MultiResolutionFusion fusion ? fusion.call(inputs) : ((nn.Module<Tensor, Tensor>)module).call(inputs[0]);

        Assert.Equal(one["gradients"].Parts.Skip(inputs.Count).Select(part => part.Name.Split(".gradients.")[1]), module.named_parameters().Select(parameter => parameter.name));
        // The channels of the fixtures are few, and a sum in another order is off by some units in the last place.
        var (relative, absolute) = dtype == ScalarType.Float64 ? (1e-9, 1e-11) : (1e-5, 1e-5);
        one.AssertEqual("output", output, relative, absolute);
        one.AssertGradients("gradients", output, [.. inputs, .. module.parameters()], relative, absolute);
    }

    private static nn.Module Make(GoldenCase one, List<long[]> shapes)
    {
        var side = (int)one.Integer("side");
        return one.Text("kind") switch
        {
            "unit" => new ResidualConvUnit(shapes[0][1], new() { Blocks = (int)one.Integer("blocks"), Stages = (int)one.Integer("stages"), KernelSize = side }),
            "pooling" => new ChainedResidualPooling(shapes[0][1], new() { Stages = (int)one.Integer("stages"), LeadingRelu = one.Flag("relu"), KernelSize = side }),
            _ => new MultiResolutionFusion([.. shapes.Select(shape => shape[1])], one.Integer("channels"), new() { KernelSize = side }),
        };
    }
}
