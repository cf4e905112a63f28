using DeepTricks.Distillation;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Distillation;

/// <summary>The losses of features and the connectors against the code of their authors: tests/fixtures/distillation/make_feature.py.</summary>
public sealed class FeatureFixtureTests
{
    private static readonly GoldenFile File = GoldenFile.Read("distillation/feature.json");

    public static TheoryData<string> Plain => Of(one => one.Has("preset") && FeatureLosses.All.ContainsKey($"{one.Text("kind")}.{one.Text("preset")}"));

    public static TheoryData<string> Overhauls => OfKind("overhaul");

    public static TheoryData<string> Learned => OfKind("variational", "attentive", "reused", "masked");

    public static TheoryData<string> Connectors => OfKind("regressor", "translator");

    public static TheoryData<string> Paraphrasers => OfKind("paraphraser");

    public static TheoryData<string> Reviews => OfKind("review");

    [Theory]
    [MemberData(nameof(Plain))]
    public void Loss_OfAPair_EqualsTheOriginalWithGradients(string name)
    {
        using var scope = NewDisposeScope();
        var expected = File[name];
        var (student, teacher) = Pair(expected);

        var loss = FeatureLosses.All[$"{expected.Text("kind")}.{expected.Text("preset")}"](student, teacher);

        AssertSame(expected, loss, [student]);
    }

    [Theory]
    [MemberData(nameof(Overhauls))]
    public void OverhaulLoss_OfAPair_EqualsTheOriginalWithMarginAndGradients(string name)
    {
        using var scope = NewDisposeScope();
        var expected = File[name];
        var (student, teacher) = Pair(expected);
        var isOfNorm = expected.Text("preset") == nameof(OverhaulLossOptions.OfficialCifar);

        using var norm = Norm(expected.Text("input"), student.shape[1], 4);
        var margin = isOfNorm ? OverhaulLoss.MarginOf(norm) : OverhaulLoss.BatchMargin(teacher);
        var loss = OverhaulLoss.Compute(student, teacher, margin.to(student.dtype), isOfNorm ? null : OverhaulLossOptions.KdZoo);

        expected.AssertEqual("margin", margin, 1e-5, 1e-6);
        // Knowledge-Distillation-Zoo counts in single precision, and its margins have no more digits.
        AssertSame(expected, loss, [student], isOfNorm || student.dtype == ScalarType.Float32 ? null : 1e-7);
    }

    [Fact]
    public void OverhaulLoss_OfLayersBehindConnectors_EqualsTheOriginalsDistiller()
    {
        using var scope = NewDisposeScope();
        var expected = File["overhauls"];
        var pairs = Pairs(expected, "overhauls");
        var parts = pairs.Select(pair => Connector.Between(pair.Student.shape, pair.Teacher.shape)).ToArray();
        using var connectors = Golden.Fill(nn.Sequential(("Connectors", nn.Sequential(parts))));
        var weights = LayerWeights.HalvedTowardsInput(pairs.Length);

        var losses = pairs.Select((pair, i) =>
        {
            using var norm = Norm($"overhauls.{i}", pair.Teacher.shape[1], 2);
            using var loss = new OverhaulLoss(norm);
            return loss.call(parts[i].call(pair.Student), pair.Teacher) * weights[i];
        });
        var sum = losses.Aggregate((a, b) => a + b);

        AssertNames(expected, connectors);
        AssertSame(expected, sum, [.. pairs.Select(pair => pair.Student), .. connectors.parameters()]);
    }

    [Theory]
    [MemberData(nameof(Reviews))]
    public void KnowledgeReviewLoss_OfLayers_EqualsTheOriginalsDistiller(string name)
    {
        using var scope = NewDisposeScope();
        var expected = File[name];
        var pairs = Pairs(expected, name);
        Tensor[] students = [.. pairs.Select(pair => AsMap(pair.Student))], teachers = [.. pairs.Select(pair => AsMap(pair.Teacher))];
        using var review = Golden.Fill(new KnowledgeReviewLoss([.. students.Select(one => one.shape)], [.. teachers.Select(one => one.shape)]));

        var loss = review.call(students, teachers);

        AssertNames(expected, review);
        AssertSame(expected, loss, [.. pairs.Select(pair => pair.Student), .. review.parameters()], 1e-4);

        static Tensor AsMap(Tensor one) => one.dim() == 4 ? one : one.unsqueeze(-1).unsqueeze(-1);
    }

    [Theory]
    [MemberData(nameof(Learned))]
    public void Loss_WithParameters_EqualsTheOriginalWithNamesAndGradients(string name)
    {
        using var scope = NewDisposeScope();
        var expected = File[name];
        var (student, teacher) = Pair(expected);
        var (from, to) = (student.shape[1], teacher.shape[1]);
        using var generator = new Generator(1);
        nn.Module<Tensor, Tensor, Tensor> module = expected.Text("kind") switch
        {
            "variational" => new VariationalInformationLoss(from, to, Variational(expected)),
            "attentive" => new AttentiveFeatureLoss(to, 0.5),
            "reused" => new ReusedClassifierLoss(student.shape, teacher.shape, expected.Integer("factor")),
            _ => new MaskedGenerationLoss(from, to, generator, new() { MaskChannels = expected.Flag("channels") }),
        };
        using var disposed = module;
        if (module is VariationalInformationLoss untouched)
        {
            Assert.Equal(expected.Number("start"), untouched.state_dict()["log_scale"][0].item<float>(), 1e-5);
        }

        Fill(expected, module);
        var loss = module is MaskedGenerationLoss masked
            ? masked.Compute(student, teacher, Golden.Tensor($"{expected.Text("input")}.mask", Mask(expected), 0.5, 0.5).le(0.35))
            : module.call(student, teacher);

        AssertNames(expected, module);
        AssertSame(expected, loss, [student, .. module.parameters()]);
        if (module is ReusedClassifierLoss reused)
        {
            using var classifier = nn.Linear(to, 4);
            Golden.Fill(nn.Sequential(("fc", classifier)));
            // The normalisations' running statistics have moved; the original gave its logits with those of the batch.
            expected.AssertEqual("logits", reused.Predict(student, classifier), 1e-5, 1e-5);
        }
    }

    [Theory]
    [MemberData(nameof(Connectors))]
    public void Connector_OfAMap_EqualsTheOriginalWithNamesAndGradients(string name)
    {
        using var scope = NewDisposeScope();
        var expected = File[name];
        var (student, teacher) = Pair(expected);
        using var module = Golden.Fill<nn.Module<Tensor, Tensor>>(expected.Text("kind") == "regressor"
            ? new ConvolutionalRegressor(student.shape, teacher.shape, expected.Flag("relu"))
            : new Translator(student.shape[1], teacher.shape[1], new() { Normalized = expected.Flag("normalized") }));

        var output = module.call(student);

        AssertNames(expected, module);
        AssertSame(expected, output, [student, .. module.parameters()], 1e-4);
    }

    [Theory]
    [MemberData(nameof(Paraphrasers))]
    public void Paraphraser_OfAMap_EqualsTheOriginalWithNamesAndGradients(string name)
    {
        using var scope = NewDisposeScope();
        var expected = File[name];
        var shape = expected.Integers("shape");
        var maps = Golden.Tensor($"{name}.student", shape, scale: 2);
        using var module = Golden.Fill(new Paraphraser(shape[1], new() { Normalized = expected.Flag("normalized") }));

        expected.AssertEqual("factor", module.call(maps), 1e-5, 1e-5);
        expected.AssertEqual("out", module.Reconstruct(maps), 1e-5, 1e-5);
        var loss = module.ReconstructionLoss(maps);

        AssertNames(expected, module);
        expected.AssertEqual("loss", loss);
        expected.AssertGradients("gradients", loss, [.. module.parameters()], 1e-4, 1e-5);
    }

    private static TheoryData<string> OfKind(params string[] kinds) => Of(one => kinds.Contains(one.Text("kind")));

    private static TheoryData<string> Of(Func<GoldenCase, bool> chosen)
    {
        var data = new TheoryData<string>();
        foreach (var one in File.Cases.Where(chosen))
        {
            data.Add(one.Name);
        }

        return data;
    }

    private static (Tensor Student, Tensor Teacher) Pair(GoldenCase expected)
    {
        var (name, dtype) = (expected.Text("input"), GoldenSample.DtypeOf(expected.Text("dtype")));
        return (Golden.Tensor($"{name}.student", expected.Integers("student"), scale: 2, dtype: dtype).requires_grad_(),
            Golden.Tensor($"{name}.teacher", expected.Integers("teacher"), scale: 2, dtype: dtype));
    }

    private static (Tensor Student, Tensor Teacher)[] Pairs(GoldenCase expected, string name) =>
    [
        .. expected["shapes"].Element.EnumerateArray().Select((shapes, i) => (
            Golden.Tensor($"{name}.{i}.student", Shape(shapes[0]), scale: 2).requires_grad_(), Golden.Tensor($"{name}.{i}.teacher", Shape(shapes[1]), scale: 2))),
    ];

    private static long[] Shape(System.Text.Json.JsonElement shape) => [.. shape.EnumerateArray().Select(size => size.GetInt64())];

    private static TorchSharp.Modules.BatchNorm2d Norm(string name, long channels, double scale)
    {
        var norm = nn.BatchNorm2d(channels);
        using var ungraded = no_grad();
        norm.weight!.copy_(Golden.Tensor($"{name}.gamma", [channels]));
        norm.bias!.copy_(Golden.Tensor($"{name}.beta", [channels], scale));
        return norm;
    }

    private static VariationalInformationLossOptions Variational(GoldenCase expected) =>
        expected.Text("preset") == "KdZoo" ? VariationalInformationLossOptions.KdZoo : VariationalInformationLossOptions.RepDistiller;

    private static long[] Mask(GoldenCase expected)
    {
        var (student, teacher) = (expected.Integers("student"), expected.Integers("teacher"));
        return expected.Flag("channels") ? [student[0], teacher[1], 1, 1] : [student[0], 1, .. student[2..]];
    }

    /// <summary>Knowledge-Distillation-Zoo calls alpha what RepDistiller calls log_scale: numbers come from names.</summary>
    private static void Fill(GoldenCase expected, nn.Module module)
    {
        Golden.Fill(module);
        if (expected.Text("kind") == "variational" && expected.Text("preset") == "KdZoo")
        {
            using var ungraded = no_grad();
            var scales = module.state_dict()["log_scale"];
            scales.copy_(Golden.Tensor("alpha", scales.shape, 0.1));
        }
    }

    private static void AssertNames(GoldenCase expected, nn.Module module)
    {
        var theirs = expected["names"].Element.EnumerateArray().Select(one => $"{one[0].GetString()!.Replace("alpha", "log_scale")}:{string.Join('x', Shape(one[1]))}");
        var ours = module.state_dict().Select(entry => $"{entry.Key}:{string.Join('x', entry.Value.shape)}");
        Assert.Equal(theirs.Order(), ours.Order());
    }

    private static void AssertSame(GoldenCase expected, Tensor output, IReadOnlyList<Tensor> inputs, double? relative = null)
    {
        var single = output.dtype == ScalarType.Float32;
        var tolerance = relative ?? (single ? 1e-5 : 1e-9);
        expected.AssertEqual("out", output, tolerance, single ? 1e-6 : null);
        // Rounding of a gradient is relative to the largest of its tensor.
        var largest = expected["gradients"].Parts.Max(part => part.Element.ValueKind == System.Text.Json.JsonValueKind.Null ? 0 : part.AsSample().Values.DefaultIfEmpty().Max(Math.Abs));
        expected.AssertGradients("gradients", output, inputs, 10 * tolerance, tolerance * largest);
    }
}
