using DeepTricks.Backbones;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Backbones;

/// <summary>The backbones against torchvision: tests/fixtures/backbones/make_backbones.py.</summary>
public sealed class BackboneFixtureTests
{
    private const double Relative = 1e-5;
    private static readonly string[] NormEntries = ["weight", "bias", "running_mean", "running_var", "num_batches_tracked"];
    private static readonly GoldenFile Architectures = GoldenFile.Read("backbones/architectures.json");
    private static readonly GoldenFile Results = GoldenFile.Read("backbones/results.json");

    public static IEnumerable<object[]> Names => Architectures.Names;

    public static IEnumerable<object[]> Evaluated => Results.Cases.Where(one => one.Has("logits") && !IsVgg(one.Name)).Select(one => new object[] { one.Name });

    public static IEnumerable<object[]> Trained => Results.Cases.Where(one => one.Has("statistics")).Select(one => new object[] { one.Name });

    [Theory]
    [MemberData(nameof(Names))]
    public void StateDict_OfAnArchitecture_HasTorchvisionsNamesAndShapesInOrder(string name)
    {
        using var model = TorchvisionNames.Make(name, options => options with { Device = META });
        var expected = Architectures[name].Element.EnumerateArray().SelectMany(layer => Entries(layer.GetString()!)).ToList();

        AssertSame(name, expected.Where(entry => !IsBuffer(entry)), model.named_parameters().Select(one => Entry(one.name, one.parameter)));
        AssertSame(name, expected.Where(IsBuffer), model.named_buffers().Select(one => Entry(one.name, one.buffer)));
        Assert.Equal(expected.Count, model.state_dict().Count);
    }

    [Theory]
    [MemberData(nameof(Evaluated))]
    public void Call_InEvaluation_GivesTorchvisionsLogitsAndFeatures(string name)
    {
        using var model = Golden.Fill(TorchvisionNames.Make(name));
        AssertEvaluates(model, Results[name]);
    }

    [Fact]
    public void Call_EveryVggInEvaluation_GivesTorchvisionsLogitsAndFeatures()
    {
        // Their classifiers are alike and large: the weights are made once.
        Dictionary<string, Tensor>? classifier = null;
        foreach (var name in Results.Cases.Select(one => one.Name).Where(IsVgg))
        {
            using var scope = NewDisposeScope();
            using var model = TorchvisionNames.Make(name);
            var parts = model.named_children().ToDictionary(child => child.name, child => child.module);
            var (features, head) = (parts["features"], parts["classifier"]);
            Fill(features, "features");
            if (classifier is null)
            {
                Fill(head, "classifier");
                classifier = head.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.detach().clone().DetachFromDisposeScope());
            }
            else
            {
                head.load_state_dict(classifier);
            }

            AssertEvaluates(model, Results[name]);
        }

        foreach (var tensor in classifier!.Values) tensor.Dispose();
    }

    [Theory]
    [MemberData(nameof(Trained))]
    public void RunningStatistics_AfterAStepOfTraining_AreTorchvisions(string name)
    {
        var expected = Results[name];
        using var scope = NewDisposeScope();
        using var model = Golden.Fill(TorchvisionNames.MakeForTraining(name[..^"-step".Length]));
        using var optimizer = optim.SGD(model.parameters(), 0.01);
        model.train();

        var loss = nn.functional.cross_entropy(model.call(Golden.Tensor("images", [4, 3, 64, 64])), Golden.Integers("labels", 10, 4));
        loss.backward();
        optimizer.step();

        Assert.Equal(expected.Number("loss"), loss.item<float>(), Relative * Math.Abs(expected.Number("loss")));
        var state = model.state_dict();
        Assert.All(state.Where(entry => entry.Key.EndsWith("num_batches_tracked", StringComparison.Ordinal)),
            entry => Assert.Equal(expected.Integer("tracked"), entry.Value.item<long>()));
        foreach (var entry in expected["statistics"].Element.EnumerateObject())
            expected["statistics"].AssertEqual(entry.Name, state[entry.Name], Relative, Relative);
    }

    private static void AssertEvaluates(Backbone model, GoldenCase expected)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        model.eval();
        var images = expected.Name == "resnet18-odd" ? Golden.Tensor("odd", [2, 3, 61, 83]) : Golden.Tensor("images", [1, 3, 64, 64]);
        var layers = expected["taps"].Element.EnumerateObject().Select(tap => tap.Name).ToList();
        if (layers.Count == 0)
        {
            AssertClose(expected.Sample("logits"), model.call(images));
            return;
        }

        using var extractor = new FeatureExtractor(model, layers);
        var features = extractor.Extract(images);
        AssertClose(expected.Sample("logits"), features.Output);
        foreach (var layer in layers) AssertClose(expected["taps"].Sample(layer), features[layer]);
    }

    /// <summary>Relative to the tensor's own magnitude: its small elements are differences of larger ones.</summary>
    private static void AssertClose(GoldenSample expected, Tensor actual) =>
        expected.AssertEqual(actual, Relative, Relative * expected.Values.Max(Math.Abs));

    private static bool IsVgg(string name) => name.StartsWith("vgg", StringComparison.Ordinal) && !name.EndsWith("-step", StringComparison.Ordinal);

    private static void Fill(nn.Module part, string name)
    {
        // The numbers are those of the full name; the part outlives the whole.
        Golden.Fill(nn.Sequential((name, (nn.Module<Tensor, Tensor>)part)));
    }

    /// <summary>The entries of a layer of the fixture: "layer1.0.bn1 norm:64", "fc weight:1000x512 bias:1000".</summary>
    private static IEnumerable<string> Entries(string layer)
    {
        var words = layer.Split(' ');
        return words[1..].SelectMany(word => word.Split(':') is ["norm", var channels]
            ? NormEntries.Select(key => $"{words[0]}.{key}:{(key == "num_batches_tracked" ? "" : channels)}")
            : [$"{words[0]}.{word}"]);
    }

    private static bool IsBuffer(string entry) => entry.Contains(".running_", StringComparison.Ordinal) || entry.Contains(".num_batches_tracked", StringComparison.Ordinal);

    private static string Entry(string name, Tensor tensor) => $"{name}:{string.Join('x', tensor.shape)}";

    private static void AssertSame(string architecture, IEnumerable<string> expected, IEnumerable<string> actual)
    {
        var (theirs, ours) = (expected.ToList(), actual.ToList());
        for (var i = 0; i < Math.Max(theirs.Count, ours.Count); i++)
            Assert.True(theirs.ElementAtOrDefault(i) == ours.ElementAtOrDefault(i),
                $"{architecture}, entry {i}: torchvision has {theirs.ElementAtOrDefault(i) ?? "no more"}, and {ours.ElementAtOrDefault(i) ?? "nothing"} is here.");
    }
}
