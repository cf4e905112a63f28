using DeepTricks.Checkpoints;
using DeepTricks.Detection;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Detection;

/// <summary>The models with a name against torchvision: tests/fixtures/detection/make_models.py.</summary>
public sealed class TorchvisionFixtureTests
{
    private const double Pixels = 1e-3, Scores = 1e-5, Masks = 1e-4, Losses = 1e-4;
    private static readonly GoldenFile Models = GoldenFile.Read("detection/models.json");
    private static readonly GoldenFile Tiny = GoldenFile.Read("detection/tiny.json");

    public static IEnumerable<object[]> Names => Models.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Model_WithTheWeightsOfTheFormula_HasTorchvisionsNamesDetectionsLossesAndGradients(string name)
    {
        // One test for all, for the weights take longest.
        using var scope = NewDisposeScope();
        using var model = TorchvisionModels.Fill(TorchvisionModels.Make(name), Models[name]);
        var expected = Models[name];
        AssertEntries(expected, model);

        var images = TorchvisionModels.Images(expected.Integer("salt"));
        model.eval();
        AssertDetections(expected["detections"], model.Detect(images));

        using var targets = new Disposables(TorchvisionModels.Targets());
        using (no_grad())
        {
            var both = model.call(images, targets.Targets);
            AssertDetections(expected["detections"], both.Detections);
            AssertLosses(expected["evaluated"]["losses"], both);
        }

        TorchvisionModels.Reset(model, expected);
        model.train();
        using var output = model.call(images, targets.Targets);
        Assert.Empty(output.Detections);
        AssertLosses(expected["trained"]["losses"], output);
        output.TotalLoss().backward();
        AssertGradients(expected["trained"], model);
    }

    [Theory]
    [InlineData("tiny.pth")]
    [InlineData("tiny-legacy.pth")]
    public void LoadInto_AFileOfTorchvisionInEitherSpelling_LoadsStrictlyAndFindsTheSame(string name)
    {
        using var scope = NewDisposeScope();
        using var model = TinyModel.Make();
        using var file = CheckpointFile.Open(GoldenFile.PathOf($"detection/{name}"));

        var report = file.LoadInto(model, new() { Names = NameMap.TorchvisionDetection });

        Assert.Equal(model.state_dict().Count, report.Loaded.Count);
        model.eval();
        var found = model.Detect(TorchvisionModels.Images());
        for (var i = 0; i < found.Count; i++) AssertFound(Tiny[$"picture{i}"], found[i]);
    }

    private static void AssertEntries(GoldenCase expected, GeneralizedRcnn model)
    {
        var theirs = expected["entries"].Element.EnumerateArray().Select(one => one.GetString()!).Order(StringComparer.Ordinal);
        var ours = model.state_dict().Select(entry => $"{entry.Key}:{string.Join('x', entry.Value.shape)}").Order(StringComparer.Ordinal);
        Assert.Equal(theirs, ours);
        Assert.Equal(expected.Integer("parameters"), model.parameters().Sum(parameter => parameter.numel()));
    }

    private static void AssertDetections(GoldenCase expected, IReadOnlyList<Detections> found)
    {
        Assert.Equal(expected.Parts.Count, found.Count);
        for (var i = 0; i < found.Count; i++) AssertFound(expected.Parts[i], found[i]);
    }

    private static void AssertFound(GoldenCase expected, Detections found)
    {
        Assert.True(found.Count >= 5, $"{expected.Name}: there are {found.Count} detections alone.");
        Assert.Equal(expected.Integers("labels"), found.Labels.data<long>().ToArray());
        expected.AssertEqual("scores", found.Scores, 0, Scores);
        expected.AssertEqual("boxes", found.Boxes, 0, Pixels);
        if (expected.Has("masks")) expected.AssertEqual("masks", found.Masks, 0, Masks);
        else Assert.Null(found.Masks);
    }

    private static void AssertLosses(GoldenCase expected, DetectionOutput output)
    {
        Assert.Equal(expected.Element.EnumerateObject().Select(one => one.Name).Order(), output.Losses.Select(term => term.Name).Order());
        foreach (var term in output.Losses)
            Assert.True(Math.Abs(expected.Number(term.Name) - term.Value.item<float>()) < Losses, $"{expected.Name}.{term.Name}: {term.Value.item<float>()}, expected {expected.Number(term.Name)}.");
    }

    private static void AssertGradients(GoldenCase expected, GeneralizedRcnn model)
    {
        // Where the normalisations are those of two pictures, rounding grows from layer to layer: torchvision's own gradients of the backbone
        // differ by up to a third with the images' order in memory. Of the second versions the last layers are compared.
        var second = expected.Name.Contains("_v2", StringComparison.Ordinal);
        var allowed = second ? 1e-2 : 1e-4;
        var parameters = model.named_parameters().ToDictionary(one => one.name, one => one.parameter);
        foreach (var gradient in expected["gradients"].Element.EnumerateObject())
        {
            if (second && !gradient.Name.Contains("cls_logits", StringComparison.Ordinal) && !gradient.Name.Contains("bbox_pred", StringComparison.Ordinal)) continue;
            var sample = expected["gradients"].Sample(gradient.Name);
            sample.AssertEqual(parameters[gradient.Name].grad, 1e-3, allowed * sample.Values.Max(Math.Abs));
        }

        Assert.Equal(expected.Integer("frozen"), parameters.Values.Count(parameter => parameter.grad is null));
    }

    private sealed record Disposables(DetectionTarget[] Targets) : IDisposable
    {
        public void Dispose() => Array.ForEach(Targets, target => target.Dispose());
    }
}
