using DeepTricks.Losses;
using DeepTricks.Regularization;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Regularization;

/// <summary>The softened losses against PyTorch: tests/fixtures/regularization/make_losses.py.</summary>
public sealed class LossFixtureTests
{
    private const long Ignored = LabelSmoothingOptions.DefaultIgnoreIndex;
    private static readonly GoldenFile File = GoldenFile.Read("regularization/losses.json");

    [Theory]
    [InlineData("label-smoothing")]
    [InlineData("similarity")]
    [InlineData("confidence-penalty")]
    public void Compute_OnSeededLogits_EqualsPyTorchWithGradients(string kind)
    {
        var cases = File.Cases.Where(one => one.Text("kind") == kind).ToList();
        Assert.NotEmpty(cases);
        foreach (var one in cases)
        {
            using var scope = NewDisposeScope();
            var dtype = one.Text("dtype") == "float32" ? ScalarType.Float32 : ScalarType.Float64;
            var (logits, labels) = Inputs(one, dtype);
            var loss = Loss(kind, one, logits, labels, dtype);
            var tolerance = dtype == ScalarType.Float32 ? 2e-6 : 1e-12;
            one.AssertEqual("out", loss, tolerance, tolerance);
            one.AssertGradients("gradients", loss, [logits], tolerance * 5, tolerance);
        }
    }

    private static (Tensor Logits, Tensor Labels) Inputs(GoldenCase one, ScalarType dtype)
    {
        var (name, shape) = (one.Text("name"), one.Integers("shape"));
        var logits = Golden.Tensor($"{name}.logits", shape, scale: 4, dtype: dtype).requires_grad_();
        var labels = Golden.Integers($"{name}.labels", shape[1], [shape[0], .. shape[2..]]);
        if (one.Flag("ignored"))
        {
            labels.view(-1)[TensorIndex.Slice(step: 3)] = Ignored;
        }

        return (logits, labels);
    }

    private static Tensor Loss(string kind, GoldenCase one, Tensor logits, Tensor labels, ScalarType dtype)
    {
        var (name, classes) = (one.Text("name"), logits.shape[1]);
        var reduction = Enum.Parse<nn.Reduction>(one.Text("reduction"), ignoreCase: true);
        var weight = one.Has("weighted") && one.Flag("weighted") ? Golden.Tensor($"{name}.weight", [classes], 0.5, 1, dtype) : null;
        return kind switch
        {
            "label-smoothing" => LabelSmoothingLoss.Compute(logits, labels, one.Number("smoothing"), weight, Ignored, reduction),
            "similarity" => LabelSmoothingLoss.Compute(logits, labels, Similarities(name, classes), weight, Ignored, reduction),
            _ => ConfidencePenaltyLoss.Compute(logits, labels, one.Number("beta"), one.NumberOrNull("threshold"), Ignored, reduction),
        };
    }

    private static ClassTargets Similarities(string name, long classes)
    {
        using var table = Golden.Tensor($"{name}.table", [classes, classes], shift: 1.5, dtype: ScalarType.Float64);
        return ClassTargets.FromMatrix(table / table.sum(1, keepdim: true));
    }
}
