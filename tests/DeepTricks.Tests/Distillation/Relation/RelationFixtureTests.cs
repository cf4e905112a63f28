using DeepTricks.Distillation;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Distillation;

/// <summary>Losses over relations against the code that people run: tests/fixtures/distillation/make_relation.py.</summary>
public sealed class RelationFixtureTests
{
    private static readonly GoldenFile File = GoldenFile.Read("distillation/relation.json");

    public static IEnumerable<object[]> Presets => RelationLosses.Names.Select(name => new object[] { name });

    [Theory]
    [MemberData(nameof(Presets))]
    public void Loss_OnSeededFeatures_EqualsTheOriginalWithGradients(string name)
    {
        var cases = File.Cases.Where(one => one.Has("preset") && $"{one.Text("loss")} {one.Text("preset")}" == name).ToList();
        Assert.NotEmpty(cases);
        foreach (var one in cases)
        {
            using var scope = NewDisposeScope();
            var (student, teacher) = (Layers(one, "student"), Layers(one, "teacher"));
            var loss = one.Has("vectors") ? KdSvdLoss.Compute(student, teacher, (int)one.Integer("vectors")) : RelationLosses.Of(name)(student, teacher);
            var (relative, absolute) = one.Text("dtype") == "float32" ? (2e-4, 2e-6) : (1e-8, 1e-10);
            one.AssertEqual("out", loss, relative, absolute);
            if (one.Has("gradients"))
            {
                one.AssertGradients("gradients", loss, student, relative, absolute);
            }
        }
    }

    [Fact]
    public void ConsecutiveCorrelation_WithEmbeddings_EqualsRepDistillerWithGradientsOfBoth()
    {
        using var scope = NewDisposeScope();
        var one = File["cc-embed"];
        var loss = new ConsecutiveCorrelationLoss(12, 9, 7).to(ScalarType.Float64);
        using (no_grad())
        {
            foreach (var (name, entry) in loss.state_dict())
            {
                entry.copy_(Golden.Tensor(name, entry.shape, dtype: ScalarType.Float64));
            }
        }

        var student = Golden.Tensor("cc-embed.student", [5, 3, 2, 2], dtype: ScalarType.Float64).requires_grad_();
        var value = loss.call(student, Golden.Tensor("cc-embed.teacher", [5, 9], dtype: ScalarType.Float64));
        one.AssertEqual("out", value);
        one.AssertGradients("gradients", value, [student, .. loss.parameters()]);
    }

    private static Tensor[] Layers(GoldenCase one, string side)
    {
        var (dtype, edge) = (one.Text("dtype") == "float32" ? ScalarType.Float32 : ScalarType.Float64, one.Text("edge"));
        return [.. one[side].Parts.Select((part, i) =>
        {
            var shape = part.Element.EnumerateArray().Select(size => size.GetInt64()).ToArray();
            var layer = Golden.Tensor($"{one.Text("inputs")}.{side}{i}", shape, dtype: dtype);
            layer = one.Flag("positive") ? layer.clamp_min(0) : layer;
            switch (edge)
            {
                case "coincident": layer[1] = layer[0]; break;
                case "all-coincident": layer[..] = layer[0].clone(); break;
                case "far": layer = (layer.to(ScalarType.Float64) + 100).to(dtype); break;
                default: break;
            }

            return layer.requires_grad_(side == "student");
        })];
    }
}
