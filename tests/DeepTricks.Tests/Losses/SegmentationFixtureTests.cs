using DeepTricks.Losses;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Losses;

/// <summary>Every loss equals the implementation it is named after, value and gradient.</summary>
public sealed class SegmentationFixtureTests
{
    private static readonly double[] Weights = [0.5, 2, 1, 0.25];

    public static TheoryData<string, string> Overlaps => SegmentationFixture.Groups("dice", "iou", "tversky", "generalized-dice");

    public static TheoryData<string, string> Focals => SegmentationFixture.Groups("focal");

    public static TheoryData<string, string> Lovaszs => SegmentationFixture.Groups("lovasz-softmax", "lovasz-hinge");

    public static TheoryData<string, string> Distances => SegmentationFixture.Groups("hausdorff", "boundary");

    public static TheoryData<string, string> Similarities => SegmentationFixture.Groups("ssim", "ms-ssim");

    [Theory]
    [MemberData(nameof(Overlaps))]
    public void Overlap_CasesOfTheReference_EqualIt(string kind, string reference) =>
        SegmentationFixture.AssertAll(kind, reference, one => kind switch
        {
            "dice" => new DiceLoss(Overlap(one, reference.StartsWith("smp") ? DiceLossOptions.SegmentationModels : DiceLossOptions.Monai) with
            {
                Squared = reference == "monai-squared",
            }).call,
            "iou" => new IouLoss(Overlap(one, reference switch
            {
                "smp" => IouLossOptions.SegmentationModels,
                "unet3plus" => IouLossOptions.UNet3Plus,
                _ => IouLossOptions.Monai,
            })).call,
            "tversky" => new TverskyLoss(Overlap(one, reference == "smp" ? TverskyLossOptions.SegmentationModels : TverskyLossOptions.Monai) with
            {
                FalsePositives = 0.3,
                FalseNegatives = 0.7,
            }).call,
            _ => new GeneralizedDiceLoss(new()
            {
                Weight = one.Text("weight") switch
                {
                    "square" => VolumeWeight.Square,
                    "simple" => VolumeWeight.Simple,
                    _ => VolumeWeight.Uniform,
                },
                OverBatch = one.Flag("batch"),
            }).call,
        }, relative: _ => kind == "generalized-dice" ? 1e-6 : null); // MONAI has the weights of volumes in single precision.

    [Theory]
    [MemberData(nameof(Focals))]
    public void Focal_CasesOfTheReference_EqualIt(string kind, string reference) =>
        SegmentationFixture.AssertAll(kind, reference, one => new FocalLoss(new()
        {
            Activation = one.Text("target") == "masks" ? ScoreActivation.Sigmoid : ScoreActivation.Softmax,
            Gamma = one.Number("gamma"),
            Alpha = one.Has("alpha") ? one.Number("alpha") : null,
            ClassWeights = one.Is("weighted") ? Weights[..(int)one.Integers("shape")[1]] : null,
            IgnoreIndex = SegmentationFixture.Ignored,
            Reduction = one.Reduction(),
        }).call, relative: one => one.Text("dtype") == "float64" ? null : 3e-5);

    [Theory]
    [MemberData(nameof(Similarities))]
    public void Similarity_CasesOfTheReference_EqualIt(string kind, string reference) =>
        SegmentationFixture.AssertAll(kind, reference, one =>
        {
            if (kind == "ssim")
            {
                var wide = one.Number("range") == 2;
                return new SsimLoss(new() { DataRange = one.Number("range"), K1 = wide ? 0.02 : 0.01, K2 = wide ? 0.4 : 0.03 }).call;
            }

            var textbook = MsSsimLossOptions.Textbook with
            {
                WindowSize = one.Has("window") ? (int)one.Integer("window") : 11,
                LevelWeights = one.Has("window") && one.Integer("window") == 3 ? [0.2, 0.3, 0.5, 0.4] : MsSsimLossOptions.Textbook.LevelWeights,
                Reduction = one.Is("average") ? nn.Reduction.Mean : nn.Reduction.None,
            };
            return new MsSsimLoss(reference == "unet3plus" ? MsSsimLossOptions.UNet3Plus : textbook).call;
        }, relative: _ => 2e-4, absolute: 2e-6);

    [Theory]
    [MemberData(nameof(Lovaszs))]
    public void Lovasz_CasesOfTheReference_EqualIt(string kind, string reference) =>
        SegmentationFixture.AssertAll(kind, reference, one => kind == "lovasz-hinge"
            ? new LovaszHingeLoss(new() { IgnoreIndex = SegmentationFixture.Ignored, PerImage = one.Is("per_image"), ClassesTogether = reference == "smp" }).call
            : new LovaszSoftmaxLoss(new()
            {
                IgnoreIndex = SegmentationFixture.Ignored,
                PerImage = one.Is("per_image"),
                Classes = one.Has("classes") && one.Text("classes") == "all" ? LovaszClasses.All : LovaszClasses.Present,
            }).call, relative: _ => 1e-5, absolute: 1e-6);

    [Theory]
    [MemberData(nameof(Distances))]
    public void Distance_CasesOfTheReference_EqualIt(string kind, string reference) =>
        SegmentationFixture.AssertAll(kind, reference, one => kind == "boundary"
            ? new BoundaryLoss(new() { Spacing = one.Numbers("spacing") }).call
            : new HausdorffLoss(new()
            {
                Activation = one.Text("target") == "masks" ? ScoreActivation.Sigmoid : ScoreActivation.Softmax,
                IncludeBackground = reference == "monai-masks" || one.Flag("background"),
                Exponent = one.Has("alpha") ? one.Number("alpha") : 2,
            }).call);

    [Theory]
    [InlineData("same")]
    [InlineData("exp")]
    [InlineData("two")]
    public void DeepSupervision_WeightsOfMonai_EqualIt(string mode)
    {
        foreach (var one in SegmentationFixture.Of("scales").Where(one => one.Text("mode") == mode))
        {
            using var scope = NewDisposeScope();
            var shape = one.Integers("shape");
            var outputs = Enumerable.Range(0, 3).Select(i => Golden.Tensor($"scales{i}", [shape[0], shape[1], shape[2] >> i, shape[3] >> i], 3).requires_grad_()).ToArray();
            var masks = Golden.Integers("scales.masks", 2, shape).to(ScalarType.Float32);
            var dice = new DiceLoss(new() { Activation = ScoreActivation.Sigmoid });
            var weights = mode switch
            {
                "same" => ScaleWeights.Equal,
                "exp" => ScaleWeights.Halving,
                _ => ScaleWeights.HalfSides,
            };

            var loss = new DeepSupervision(dice.call, new() { Weights = weights }).Compute(outputs, masks);

            one.AssertEqual("out", loss);
            one.AssertGradients("gradients", loss, outputs);
        }
    }

    private static T Overlap<T>(GoldenCase one, T preset)
        where T : OverlapLossOptions => preset with
        {
            Activation = preset.Activation == ScoreActivation.None ? ScoreActivation.None
                : one.Text("target") == "masks" ? ScoreActivation.Sigmoid : ScoreActivation.Softmax,
            IgnoreIndex = SegmentationFixture.Ignored,
            Pooling = one.Is("batch") ? OverlapPooling.Class : preset.Pooling,
            IncludeBackground = one.Text("reference") != "monai-foreground",
            ClassWeights = one.Text("reference").EndsWith("-weighted") ? Weights[..(int)one.Integers("shape")[1]] : null,
            Reduction = one.Reduction(),
        };
}
