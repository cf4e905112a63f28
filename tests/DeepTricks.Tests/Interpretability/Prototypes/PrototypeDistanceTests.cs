using DeepTricks.Interpretability;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Interpretability;

/// <summary>Distances against the authors' code, the kernel against its twin. Alone, for it counts the live tensors.</summary>
[Collection(ProcessWide.Name)]
public sealed class PrototypeDistanceTests
{
    public static IEnumerable<object[]> Cases => PrototypeFixture.File.Cases.Where(one => one.Name.StartsWith("distance.", StringComparison.Ordinal)).Select(one => new object[] { one.Name });

    [Theory]
    [MemberData(nameof(Cases))]
    public void MinimumAndMaps_OfFeatures_AreTheAuthorsWithGradients(string name)
    {
        using var scope = NewDisposeScope();
        var expected = PrototypeFixture.File[name];
        var (dtype, patch) = (name.EndsWith("64", StringComparison.Ordinal) ? ScalarType.Float64 : ScalarType.Float32, expected.Integers("patch"));
        var features = Golden.Tensor($"{expected.Text("name")}.features", expected.Integers("shape"), 0.5, 0.5, dtype).requires_grad_();
        var prototypes = Golden.Tensor($"{expected.Text("name")}.prototypes", [20, features.size(1), .. patch], 0.5, 0.5, dtype).requires_grad_();

        var least = PrototypeDistance.Minimum(features, prototypes);

        expected.AssertEqual("maps", PrototypeDistance.Maps(features, prototypes), absolute: dtype == ScalarType.Float32 ? 5e-6 : null);
        expected.AssertEqual("least", least, absolute: dtype == ScalarType.Float32 ? 5e-6 : null);
        expected.AssertGradients("gradients", least, [features, prototypes], absolute: dtype == ScalarType.Float32 ? 5e-6 : null);
    }

    [Theory]
    [InlineData(1, 3, 1, 1, 1, 1, 1)]
    [InlineData(4, 8, 7, 7, 1, 1, 33)]
    [InlineData(3, 17, 5, 9, 1, 1, 8)]
    [InlineData(2, 6, 5, 4, 3, 2, 19)]
    [InlineData(2, 9, 4, 6, 4, 6, 3)]
    [InlineData(9, 4, 30, 31, 2, 1, 40)]
    public void Minimum_OfAnyShape_EqualsItsTwinWithGradients(long images, long channels, long height, long width, long h, long w, long count)
    {
        using var scope = NewDisposeScope();
        var features = Golden.Tensor("features", [images, channels, height, width]).requires_grad_();
        var prototypes = Golden.Tensor("prototypes", [count, channels, h, w]).requires_grad_();
        var (ours, twin) = (PrototypeDistance.Minimum(features, prototypes), PrototypeDistance.MinimumInTensors(features, prototypes));

        AssertClose(twin, ours);
        foreach (var (expected, actual) in Golden.Gradients(twin, features, prototypes).Zip(Golden.Gradients(ours, features, prototypes)))
            AssertClose(expected!, actual!);
    }

    [Fact]
    public void Minimum_OnThreeThreads_EqualsItsTwinWithGradients()
    {
        using var scope = NewDisposeScope();
        var threads = get_num_threads();
        try
        {
            set_num_threads(3);
            var features = Golden.Tensor("features", [4, 16, 20, 21]).requires_grad_();
            var prototypes = Golden.Tensor("prototypes", [101, 16, 2, 1]).requires_grad_();
            var (ours, twin) = (PrototypeDistance.Minimum(features, prototypes), PrototypeDistance.MinimumInTensors(features, prototypes));

            AssertClose(twin, ours);
            foreach (var (expected, actual) in Golden.Gradients(twin, features, prototypes).Zip(Golden.Gradients(ours, features, prototypes)))
                AssertClose(expected!, actual!);
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    [Fact]
    public void Minimum_AGradientThatIsDifferentiated_IsTheTwins()
    {
        using var scope = NewDisposeScope();
        var (ours, twin) = (Second(PrototypeDistance.Minimum), Second(PrototypeDistance.MinimumInTensors));

        foreach (var (expected, actual) in twin.Zip(ours)) AssertClose(expected, actual);

        static Tensor[] Second(Func<Tensor, Tensor, Tensor> minimum)
        {
            Tensor[] leaves = [Golden.Tensor("features", [2, 3, 4, 5]).requires_grad_(), Golden.Tensor("prototypes", [6, 3, 2, 2]).requires_grad_()];
            var first = autograd.grad([minimum(leaves[0], leaves[1]).pow(2).sum()], leaves, retain_graph: true, create_graph: true);
            return [.. autograd.grad([first[0].pow(2).sum() + first[1].pow(2).sum()], leaves)];
        }
    }

    [Fact]
    public void Minimum_InDouble_HasTheGradientOfDifferences()
    {
        using var scope = NewDisposeScope();
        var features = Golden.Tensor("features", [1, 2, 3, 3], dtype: ScalarType.Float64);
        var prototypes = Golden.Tensor("prototypes", [2, 2, 2, 1], dtype: ScalarType.Float64).requires_grad_();
        var gradient = autograd.grad([PrototypeDistance.Minimum(features, prototypes).sum()], [prototypes])[0];

        const double step = 1e-6;
        for (var i = 0L; i < prototypes.numel(); i++)
        {
            double At(double moved)
            {
                var shifted = prototypes.detach().clone();
                shifted.view(-1)[i] += moved;
                return PrototypeDistance.Minimum(features, shifted).sum().item<double>();
            }

            Assert.Equal((At(step) - At(-step)) / (2 * step), gradient.view(-1)[i].item<double>(), 1e-6);
        }
    }

    [Fact]
    public void Minimum_OfEquallyNearPatches_GivesTheGradientToTheFirst()
    {
        using var scope = NewDisposeScope();
        var features = zeros(1, 2, 2, 3).requires_grad_();
        var gradient = autograd.grad([PrototypeDistance.Minimum(features, ones(1, 2, 1, 1)).sum()], [features])[0];

        // d = Σ (x − 1)², at the first place alone.
        Assert.Equal([-2f, 0, 0, 0, 0, 0, -2, 0, 0, 0, 0, 0], gradient.data<float>().ToArray());
    }

    [Fact]
    public void Minimum_OfAPatchThatIsThePrototype_IsZeroWithoutGradient()
    {
        using var scope = NewDisposeScope();
        var features = full(1, 4, 1, 2, 0.5f).requires_grad_();
        var least = PrototypeDistance.Minimum(features, full(1, 4, 1, 1, 0.5f));

        Assert.Equal(0, least.item<float>());
        Assert.Equal(0, autograd.grad([least.sum()], [features])[0].abs().sum().item<float>());
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Nearest_OfImagesInAnyBatch_IsTheSame(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var features = Golden.Tensor("features", [7, 5, 6, 4], dtype: dtype);
        var prototypes = Golden.Tensor("prototypes", [11, 5, 2, 3], dtype: dtype);
        var (distances, places) = PrototypeDistance.Nearest(features, prototypes);

        for (var image = 0; image < 7; image++)
        {
            var (alone, place) = PrototypeDistance.Nearest(features.narrow(0, image, 1), prototypes);
            Assert.Equal(distances[image].to(ScalarType.Float64).data<double>().ToArray(), alone[0].to(ScalarType.Float64).data<double>().ToArray());
            Assert.Equal(places[image].data<int>().ToArray(), place[0].data<int>().ToArray());
        }

        var flat = PrototypeDistance.Maps(features, prototypes).flatten(2);
        AssertClose(distances, flat.gather(2, places.to(ScalarType.Int64).unsqueeze(2)).squeeze(2));
    }

    [Fact]
    public void Minimum_OfNoImages_IsEmpty()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([0, 4], PrototypeDistance.Minimum(zeros(0, 3, 5, 5), zeros(4, 3, 2, 2)).shape);
    }

    [Fact]
    public void Minimum_OfTensorsThatDoNotFit_SaysWhatWasExpected()
    {
        using var scope = NewDisposeScope();
        var features = zeros(2, 3, 5, 5);
        foreach (var (wrong, other) in new[] { (features, zeros(4, 2, 1, 1)), (features, zeros(4, 3, 6, 1)), (features, zeros(4, 3)), (features, zeros(0, 3, 1, 1)),
            (features, zeros(4, 3, 1, 1, ScalarType.Float64)), (zeros(2, 3, 5), zeros(4, 3, 1, 1)), (zeros(2, 3, 5, 5, ScalarType.Int64), zeros(4, 3, 1, 1, ScalarType.Int64)) })
        {
            Assert.Throws<ArgumentException>(() => PrototypeDistance.Minimum(wrong, other));
            Assert.Throws<ArgumentException>(() => PrototypeDistance.Maps(wrong, other));
            Assert.Throws<ArgumentException>(() => PrototypeDistance.Nearest(wrong, other));
        }
    }

    [Fact]
    public void Minimum_OverManySteps_LeavesNoTensors()
    {
        using var layer = new PrototypeLayer(new(6, 3, 2, 2));
        using var features = Golden.Tensor("features", [2, 3, 5, 5]).requires_grad_();
        ProcessWide.AssertFlat(Step);

        void Step()
        {
            using var scope = NewDisposeScope();
            layer.call(features).sum().backward();
            layer.DistanceMaps(features);
            layer.Prototypes.grad = features.grad = null;
        }
    }

    [Fact]
    public void Layer_OfPrototypes_ScoresTheNearestPatch()
    {
        using var scope = NewDisposeScope();
        using var layer = new PrototypeLayer(new(5, 3, 2, 1), generator: new Generator(3));
        var features = Golden.Tensor("features", [2, 3, 4, 4]);
        var least = layer.DistanceMaps(features).flatten(2).min(2).values;

        AssertClose(((least + 1) / (least + 1e-4)).log(), layer.call(features));
        Assert.Equal(["prototype_vectors"], layer.state_dict().Keys);
        Assert.True(layer.Prototypes.ge(0).all().item<bool>() && layer.Prototypes.lt(1).all().item<bool>());
        using var again = new PrototypeLayer(new(5, 3, 2, 1), PrototypeSimilarity.Linear, new Generator(3));
        Assert.True(again.Prototypes.equal(layer.Prototypes).all().item<bool>());
        AssertClose(-least, again.call(features));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PrototypeShape(0, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PrototypeShape(1, 3, 1, 0));
    }

    private static void AssertClose(Tensor expected, Tensor actual) =>
        Assert.True(expected.allclose(actual, 1e-4, 1e-5), $"off by {(expected - actual).abs().max().to(ScalarType.Float64).item<double>()}");
}
