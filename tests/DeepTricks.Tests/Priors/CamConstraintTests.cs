using DeepTricks.Priors;
using DeepTricks.Testing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Priors;

/// <summary>Evidence and its cost outside objects against PyTorch written by hand, and what the constraint does to a classifier. Alone, for it counts the live tensors.</summary>
[Collection(ProcessWide.Name)]
public sealed class CamConstraintTests
{
    private static readonly GoldenFile File = GoldenFile.Read("priors/priors.json");

    public static TheoryData<string> Cases => [.. File.Cases.Select(one => one.Name).Where(name => name.StartsWith("cam.", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Outside_InEachForm_EqualsTheReferenceWithGradients(string name)
    {
        using var scope = NewDisposeScope();
        var expected = File[name];
        var (features, weight) = (Features(), Golden.Tensor($"cam.weight{expected.Integer("classes")}", [expected.Integer("classes"), 6]).requires_grad_());
        var options = new CamConstraintOptions
        {
            Part = Enum.Parse<EvidencePart>(expected.Text("part")),
            Squared = expected.Flag("squared"),
            Reduction = Enum.Parse<EvidenceReduction>(expected.Text("reduction")),
            Match = Enum.Parse<MaskMatch>(expected.Text("match")),
            Margin = (int)expected.Integer("margin"),
            Class = expected.Has("only") ? expected.Integer("only") : null,
            Relative = expected.Flag("relative"),
        };

        var evidence = CamConstraint.Evidence(features, weight, Golden.Integers("cam.labels", expected.Integer("classes"), 4), options);
        var outside = CamConstraint.Outside(evidence, Masks(), options);

        expected.AssertEqual("evidence", evidence);
        expected.AssertEqual("out", outside);
        expected.AssertGradients("gradients", outside, [features, weight]);
    }

    [Fact]
    public void GradientEvidence_OfANonlinearHead_EqualsTheReferenceWithSecondDerivatives()
    {
        using var scope = NewDisposeScope();
        var features = Golden.Tensor("gradcam.features", [3, 4, 5, 6]).requires_grad_();
        var (first, last) = (Golden.Tensor("gradcam.first", [7, 4]).requires_grad_(), Golden.Tensor("gradcam.last", [3, 7]).requires_grad_());
        var scores = first.matmul(features.flatten(2)).tanh().mean([2]).matmul(last.t());

        var evidence = CamConstraint.GradientEvidence(scores, features, Golden.Integers("gradcam.labels", 3, 3));

        File["gradcam"].AssertEqual("out", evidence);
        File["gradcam"].AssertGradients("gradients", evidence, [features, first, last], 1e-4, 1e-6);
    }

    [Fact]
    public void GradientEvidence_OfAnAverageAndALinearLayer_IsThePlainMap()
    {
        using var scope = NewDisposeScope();
        var (features, weight) = (Features(), Golden.Tensor("cam.weight5", [5, 6]));
        var labels = Golden.Integers("cam.labels", 5, 4);

        var byGradient = CamConstraint.GradientEvidence(features.mean([2, 3]).matmul(weight.t()), features, labels);

        Assert.True(byGradient.allclose(CamConstraint.Evidence(features, weight, labels, new() { Relative = false }), 1e-5, 1e-6));
    }

    [Fact]
    public void Evidence_OverAllPlaces_HasTheLogitAsItsMean()
    {
        using var scope = NewDisposeScope();
        var (features, weight) = (Features(), Golden.Tensor("cam.weight5", [5, 6]));
        var labels = Golden.Integers("cam.labels", 5, 4);

        var mean = CamConstraint.Evidence(features, weight, labels, new() { Relative = false }).mean([1, 2]);

        Assert.True(mean.allclose(features.mean([2, 3]).matmul(weight.t()).gather(1, labels.unsqueeze(1)).squeeze(1), 1e-5, 1e-6));
    }

    [Fact]
    public void Evidence_OfProbabilities_IsTheMeanOfTheClassesMaps()
    {
        using var scope = NewDisposeScope();
        var (features, weight) = (Features(), Golden.Tensor("cam.weight5", [5, 6]));
        var labels = Golden.Integers("cam.labels", 5, 4);

        var sharp = CamConstraint.Evidence(features, weight, nn.functional.one_hot(labels, 5).to(ScalarType.Float32));

        Assert.True(sharp.allclose(CamConstraint.Evidence(features, weight, labels), 1e-5, 1e-6));
    }

    [Fact]
    public void Outside_WithoutAnyMask_IsZero()
    {
        using var scope = NewDisposeScope();
        var none = full([2, 3, 3], SampleMasks.Unknown);

        Assert.Equal(0, CamConstraint.Outside(ones(2, 3, 3), none).item<float>());
    }

    [Fact]
    public void Outside_OfSquaredEvidenceOfAnObjectThatFillsTheImage_HasAFiniteGradient()
    {
        using var scope = NewDisposeScope();
        var evidence = ones(2, 3, 3).requires_grad_();
        var options = new CamConstraintOptions { Reduction = EvidenceReduction.Outside, Squared = true };

        CamConstraint.Outside(evidence, ones(2, 3, 3), options).backward();

        Assert.Equal(0, evidence.grad!.abs().sum().item<float>());
    }

    [Fact]
    public void Penalty_ByTheNamesOfTheLayers_IsThatOfTheirMapAndReachesBoth()
    {
        using var scope = NewDisposeScope();
        using var model = Network();
        using var constraint = new CamConstraint(model, "body", "fc", new() { Class = 1, Relative = false });
        var (input, labels, masks) = (Images(), Golden.Integers("labels", 3, 4), Masks());
        model.call(input);

        var penalty = constraint.Penalty(labels, masks);
        penalty.backward();

        var (body, fc) = (model.Layer<Conv2d>("body"), model.Layer<Linear>("fc"));
        var byHand = CamConstraint.Outside(CamConstraint.Evidence(body.call(input), fc.weight, labels, new() { Class = 1, Relative = false }), masks);
        Assert.Equal(byHand.item<float>(), penalty.item<float>(), 1e-6);
        Assert.True(body.weight.grad!.abs().sum().item<float>() > 0);
        // The evidence of the other classes is free.
        Assert.Equal([false, true, false], fc.weight.grad!.abs().sum([1]).gt(0).data<bool>().ToArray());
    }

    [Fact]
    public void Penalty_OfPositivesOnly_CountsTheOthersForNothing()
    {
        using var scope = NewDisposeScope();
        using var model = Network();
        using var constraint = new CamConstraint(model, "body", "fc", new() { Class = 1, PositivesOnly = true, Part = EvidencePart.Absolute, Match = MaskMatch.Area });
        var (input, masks) = (Images(), Masks());
        Tensor Of(params long[] labels)
        {
            model.call(input);
            return constraint.Penalty(tensor(labels), masks);
        }

        Assert.Equal(0, Of(0, 1, 2, 0).item<float>());   // The one that is of the class has no mask.
        Assert.True(Of(1, 1, 2, 0).item<float>() > 0);
    }

    [Fact]
    public void Terms_OfAHeadOfItsOwn_TeachItAndLeaveTheClassifierAlone()
    {
        using var scope = NewDisposeScope();
        using var model = Network();
        using var head = new CamHead(6, 3);
        using var constraint = new CamConstraint(model, "body", head);
        var names = model.state_dict().Keys.ToArray();
        model.call(Images());

        var terms = constraint.Terms(Golden.Integers("labels", 3, 4), Masks());
        terms.Select(term => term.Value * term.Weight).Aggregate((a, b) => a + b).backward();

        Assert.Equal(["classifier.weight", "classifier.bias"], head.state_dict().Keys);
        Assert.Equal(["cam-head", "cam-constraint"], terms.Select(term => term.Name));
        Assert.All(head.parameters(), parameter => Assert.True(parameter.grad!.abs().sum().item<float>() > 0));
        Assert.Null(model.Layer<Linear>("fc").weight.grad);
        Assert.Equal(names, model.state_dict().Keys);
    }

    [Fact]
    public void Passes_WithoutGradients_LeaveNothing()
    {
        using var model = Network();
        using var constraint = new CamConstraint(model, "body", "fc");
        using var input = Images();
        using var ungraded = no_grad();
        using (model.call(input))
        {
        }

        var before = ProcessWide.LiveTensors();
        using (model.call(input))
        {
            Assert.True(ProcessWide.LiveTensors() - before <= 1);
        }
    }

    [Fact]
    public void Penalty_OverManySteps_KeepsTheNumberOfTensors()
    {
        using var model = Network();
        using var constraint = new CamConstraint(model, "body", "fc", new() { Match = MaskMatch.EnlargeEvidence, Margin = 1 });
        using var metric = new EvidenceOutside();
        using var input = Images();
        void Step()
        {
            using var scope = NewDisposeScope();
            model.call(input);
            constraint.Penalty(Golden.Integers("labels", 3, 4), Masks()).backward();
            metric.Update(ones(2, 3, 4), zeros(2, 6, 8));
        }

        ProcessWide.AssertFlat(Step);
    }

    [Fact]
    public void EvidenceOutside_OfKnownMaps_IsThePartOfTheirMass()
    {
        using var scope = NewDisposeScope();
        using var metric = new EvidenceOutside();
        var masks = zeros(2, 4, 4);
        masks[0, 0, 0] = 1;                             // One pixel makes the upper left of 2 x 2 places inside.
        masks[1] = SampleMasks.Unknown;
        Assert.True(double.IsNaN(metric.Compute()));

        metric.Update(tensor(new float[] { 6, 1, 1, -5, 9, 9, 9, 9 }, [2, 2, 2]), masks);
        Assert.Equal(0.25, metric.Compute(), 1e-12);
        metric.Update(tensor(new float[] { 0, 8, 0, 0 }, [1, 2, 2]), masks[..1]);
        Assert.Equal(10.0 / 16, metric.Compute(), 1e-12);
        metric.Reset();
        Assert.True(double.IsNaN(metric.Compute()));
    }

    [Fact]
    public void BadInput_IsNamed()
    {
        using var scope = NewDisposeScope();
        using var model = Network();
        Assert.Contains("head", Assert.Throws<ArgumentException>(() => new CamConstraint(model, "body", "head")).Message, StringComparison.Ordinal);
        Assert.Contains("ReLU", Assert.Throws<ArgumentException>(() => new CamConstraint(model, "body", "relu")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new CamConstraint(model, "neck", "fc"));
        Assert.Throws<ArgumentException>(() => CamConstraint.Evidence(ones(2, 3), ones(4, 3), tensor(new long[] { 0, 1 })));
        Assert.Throws<ArgumentException>(() => CamConstraint.Evidence(ones(2, 3, 2, 2), ones(4, 5), tensor(new long[] { 0, 1 })));
        Assert.Throws<ArgumentException>(() => CamConstraint.Evidence(ones(2, 3, 2, 2), ones(4, 3), tensor(new long[] { 0, 4 })));
        Assert.Throws<ArgumentException>(() => CamConstraint.Evidence(ones(2, 3, 2, 2), ones(4, 3)));
        Assert.Throws<ArgumentOutOfRangeException>(() => CamConstraint.Evidence(ones(2, 3, 2, 2), ones(4, 3), null, new() { Class = 4 }));
        Assert.Throws<ArgumentException>(() => CamConstraint.Outside(ones(2, 3, 3), ones(3, 3, 3)));
        Assert.Throws<ArgumentException>(() => CamConstraint.Outside(ones(2, 3, 3), ones(2, 3, 3, dtype: ScalarType.Int64)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CamConstraintOptions { Margin = -1 });
        using var constraint = new CamConstraint(model, "body", "fc");
        Assert.Throws<InvalidOperationException>(() => constraint.Penalty(tensor(new long[] { 0 }), ones(1, 2, 2)));
    }

    private static Tensor Features() => Golden.Tensor("cam.features", [4, 6, 5, 7], shift: 0.3).requires_grad_();

    private static Tensor Images() => Golden.Tensor("cam.images", [4, 2, 9, 9]);

    private static Tensor Masks()
    {
        var masks = Golden.Tensor("cam.masks", [4, 15, 21]).gt(0.2).to(ScalarType.Float32);
        masks[1] = SampleMasks.Unknown;
        return masks;
    }

    private static nn.Module<Tensor, Tensor> Network() => Golden.Fill(nn.Sequential(
        ("body", nn.Conv2d(2, 6, 3)), ("relu", nn.ReLU(inplace: true)), ("pool", nn.AdaptiveAvgPool2d(1)), ("flatten", nn.Flatten()), ("fc", nn.Linear(6, 3))));
}
