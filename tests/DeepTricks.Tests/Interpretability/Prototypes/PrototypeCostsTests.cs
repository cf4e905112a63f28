using DeepTricks.Interpretability;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Interpretability;

/// <summary>The network's output and its costs against the authors' training code, gradients of all parameters included.</summary>
public sealed class PrototypeCostsTests
{
    public static IEnumerable<object[]> Cases => new[] { "point", "patch", "linear" }.SelectMany(name => new[] { "own", "unmasked", "any" }.Select(kind => new object[] { name, kind }));

    [Theory]
    [InlineData("point")]
    [InlineData("patch")]
    [InlineData("linear")]
    public void Classify_Images_GivesTheAuthorsLogitsDistancesAndScores(string name)
    {
        using var scope = NewDisposeScope();
        var expected = PrototypeFixture.File[name];
        using var model = PrototypeFixture.Network(PrototypeFixture.OptionsOf(expected));
        var images = Golden.Tensor($"{name}.images", [5, 3, .. expected.Integers("size")]);

        var output = model.Classify(images);

        expected.AssertEqual("features", model.Features(images));
        expected.AssertEqual("maps", model.DistanceMaps(images), 1e-5, 3e-6);
        expected.AssertEqual("least", output.Distances, 1e-5, 3e-6);
        expected.AssertEqual("scores", model.Similarity.Compute(output.Distances), 1e-4, 1e-5);
        expected.AssertEqual("logits", output.Logits, 1e-4, 1e-5);
        expected.AssertEqual("logits", model.call(images), 1e-4, 1e-5);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Costs_OfABatch_AreTheAuthorsWithGradients(string name, string kind)
    {
        using var scope = NewDisposeScope();
        var file = PrototypeFixture.File[name];
        var expected = file[kind];
        using var model = PrototypeFixture.Network(PrototypeFixture.OptionsOf(file));
        var labels = Golden.Integers($"{name}.labels", PrototypeFixture.Classes, 5);
        var (logits, distances) = model.Classify(Golden.Tensor($"{name}.images", [5, 3, .. file.Integers("size")]));
        var classes = model.PrototypeClassTensor;

        var entropy = nn.functional.cross_entropy(logits, labels);
        var cluster = kind == "any" ? PrototypeCosts.Cluster(distances) : PrototypeCosts.Cluster(distances, labels, classes);
        var sparsity = PrototypeCosts.Sparsity(model.LastLayer, kind == "own" ? classes : null);
        var loss = entropy + (cluster * 0.8) + (sparsity * 1e-4);
        Equal("cross ent", entropy);
        Equal("cluster", cluster);
        if (kind != "any")
        {
            var separation = PrototypeCosts.Separation(distances, labels, classes);
            loss -= separation * 0.08;
            Equal("separation", separation);
            Equal("avg separation", PrototypeCosts.AverageSeparation(distances, labels, classes));
        }

        loss.backward();
        foreach (var (parameter, value) in model.named_parameters())
        {
            if (parameter == "ones") Assert.Null(value.grad);
            else expected["gradients"].AssertEqual(parameter, value.grad, 1e-3, 2e-6);
        }

        void Equal(string figure, Tensor actual) => Assert.Equal(expected.Number(figure), actual.item<float>(), 1e-5 * Math.Max(1, expected.Number(figure)));
    }

    [Fact]
    public void Cluster_OfDistancesBeyondTheLargestOfTheAuthors_IsStillTheLeast()
    {
        // Their trick takes 100 − d of masked prototypes for 0: with distances above it gives 100 here.
        using var scope = NewDisposeScope();
        var distances = tensor(new float[,] { { 300, 200, 5, 7 } });
        var (labels, classes) = (tensor(new long[] { 0 }), tensor(new long[] { 0, 0, 1, 1 }));

        Assert.Equal(200, PrototypeCosts.Cluster(distances, labels, classes).item<float>());
        Assert.Equal(5, PrototypeCosts.Separation(distances, labels, classes).item<float>());
    }

    [Fact]
    public void Cluster_OfAClassWithoutPrototypes_LeavesItsImagesOut()
    {
        using var scope = NewDisposeScope();
        var distances = tensor(new float[,] { { 3, 2 }, { 4, 6 } }).requires_grad_();
        var classes = tensor(new long[] { 0, 0 });

        var cost = PrototypeCosts.Cluster(distances, tensor(new long[] { 1, 0 }), classes);
        Assert.Equal(4, cost.item<float>());
        Assert.Equal([0f, 0, 1, 0], autograd.grad([cost], [distances])[0].data<float>().ToArray());
        var none = PrototypeCosts.Separation(distances, tensor(new long[] { 0, 0 }), classes);
        Assert.Equal(0, none.item<float>());
        Assert.Equal(0, PrototypeCosts.AverageSeparation(distances, tensor(new long[] { 0, 0 }), classes).item<float>());
        Assert.Equal(2.5f, PrototypeCosts.AverageSeparation(distances, tensor(new long[] { 1, 0 }), classes).item<float>());
        Assert.Equal(0, autograd.grad([none], [distances])[0].abs().sum().item<float>());
    }

    [Fact]
    public void Costs_OfTensorsThatDoNotFit_SayWhatWasExpected()
    {
        using var scope = NewDisposeScope();
        var (distances, labels, classes) = (zeros(2, 3), zeros(2, ScalarType.Int64), zeros(3, ScalarType.Int64));

        Assert.Throws<ArgumentException>(() => PrototypeCosts.Cluster(distances, classes, classes));
        Assert.Throws<ArgumentException>(() => PrototypeCosts.Cluster(distances, labels, labels));
        Assert.Throws<ArgumentException>(() => PrototypeCosts.Cluster(distances, labels.to(ScalarType.Int32), classes));
        Assert.Throws<ArgumentException>(() => PrototypeCosts.Cluster(zeros(2)));
        Assert.Throws<ArgumentException>(() => PrototypeCosts.Cluster(zeros(0, 3)));
        Assert.Throws<ArgumentException>(() => PrototypeCosts.Separation(zeros(2, 3, ScalarType.Int64), labels, classes));
        Assert.Throws<ArgumentException>(() => PrototypeCosts.Sparsity(zeros(3)));
        Assert.Throws<ArgumentException>(() => PrototypeCosts.Sparsity(distances, labels));
    }
}
