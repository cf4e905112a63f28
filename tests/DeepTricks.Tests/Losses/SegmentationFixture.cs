using DeepTricks.Losses;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Losses;

/// <summary>The cases of <c>losses/segmentation.json</c>: what references compute of segmentation losses, and their inputs rebuilt.</summary>
internal static class SegmentationFixture
{
    public const long Ignored = 255;
    private static readonly GoldenFile File = GoldenFile.Read("losses/segmentation.json");

    public static IEnumerable<GoldenCase> Of(string kind) => File.Cases.Where(one => one.Text("kind") == kind);

    /// <summary>The references that a kind of loss has cases of, as data of a theory.</summary>
    public static TheoryData<string, string> Groups(params string[] kinds)
    {
        var groups = new TheoryData<string, string>();
        foreach (var (kind, reference) in kinds.SelectMany(kind => Of(kind).Select(one => (kind, one.Text("reference")))).Distinct())
        {
            groups.Add(kind, reference);
        }

        return groups;
    }

    /// <summary>Holds a loss against all cases of a reference: the value and the gradient.</summary>
    public static void AssertAll(string kind, string reference, Func<GoldenCase, Func<Tensor, Tensor, Tensor>> loss,
        Func<GoldenCase, double?>? relative = null, double? absolute = null)
    {
        var cases = Of(kind).Where(one => one.Text("reference") == reference).ToList();
        Assert.NotEmpty(cases);
        foreach (var one in cases)
        {
            using var scope = NewDisposeScope();
            var (scores, target) = Inputs(one);
            var value = loss(one)(scores, target);
            one.AssertEqual("out", value, relative?.Invoke(one), absolute);
            one.AssertGradients("gradients", value, [scores], relative?.Invoke(one), absolute);
        }
    }

    /// <summary>A setting that not every case has.</summary>
    public static bool Is(this GoldenCase one, string setting) => one.Has(setting) && one.Flag(setting);

    public static nn.Reduction Reduction(this GoldenCase one) => !one.Has("reduction") ? nn.Reduction.Mean : one.Text("reduction") switch
    {
        "none" => nn.Reduction.None,
        "sum" => nn.Reduction.Sum,
        _ => nn.Reduction.Mean,
    };

    private static (Tensor Scores, Tensor Target) Inputs(GoldenCase one)
    {
        var (name, shape) = (one.Text("inputs"), one.Integers("shape"));
        var dtype = one.Text("dtype") == "float64" ? ScalarType.Float64 : ScalarType.Float32;
        var scores = Golden.Tensor($"{name}.scores", shape, one.Number("scale"), one.Number("shift"), dtype).requires_grad_();
        var labels = one.Text("target") == "labels";
        var target = labels
            ? Golden.Integers($"{name}.labels", shape[1], [shape[0], .. shape[2..]])
            : Golden.Integers($"{name}.masks", 2, shape);
        switch (one.Text("edge"))
        {
            case "ignored": target.view(-1)[TensorIndex.Slice(step: 3)] = Ignored; break;
            case "all-ignored": target.fill_(Ignored); break;
            case "one": target.fill_(1); break;
            case "empty" when labels: target[target.eq(1)] = 0; break;
            case "empty": target.narrow(1, 0, 1).fill_(0); break;
            default: break;
        }

        return (scores, labels ? target : target.to(dtype));
    }
}
