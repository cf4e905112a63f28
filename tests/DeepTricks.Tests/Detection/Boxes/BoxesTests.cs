using DeepTricks.Detection;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Detection.OnBoxes;

/// <summary>Everything about boxes against torchvision's.</summary>
public sealed class BoxesTests
{
    private static readonly GoldenFile File = GoldenFile.Read("detection/boxes.json");

    private static readonly Dictionary<string, BoxFormat> Formats = new()
    {
        ["xyxy"] = BoxFormat.Corners,
        ["xywh"] = BoxFormat.CornerAndSize,
        ["cxcywh"] = BoxFormat.CentreAndSize,
    };

    public static TheoryData<string> Losses => [.. File.Cases.Where(one => one.Has("loss")).Select(one => one.Name)];

    public static TheoryData<string> Conversions => [.. File.Cases.Where(one => one.Has("source")).Select(one => one.Name)];

    [Theory]
    [InlineData("pairs-float32")]
    [InlineData("pairs-float64")]
    [InlineData("pairs-float16")]
    public void Overlaps_AsTorchvision_GiveItsNumbers(string name)
    {
        using var scope = NewDisposeScope();
        var one = File[name];
        var (first, second) = (Given.Rows(one, "first", 4, Given.Dtype(one)), Given.Rows(one, "second", 4, Given.Dtype(one)));
        one.AssertEqual("area", Boxes.Area(first));

        (first, second) = (first[..5], second[..4]);

        // torchvision takes some differences in half precision, these are all taken in single.
        var tolerance = first.dtype == ScalarType.Float16 ? 5e-3 : (double?)null;
        one.AssertEqual("iou", Boxes.Iou(first, second), tolerance, tolerance);
        one.AssertEqual("generalized", Boxes.GeneralizedIou(first, second), tolerance, tolerance);
        one.AssertEqual("distance", Boxes.DistanceIou(first, second), tolerance, tolerance);
        one.AssertEqual("complete", Boxes.CompleteIou(first, second), tolerance, tolerance);
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Losses_AsTorchvision_GiveItsNumbersAndGradients(string name)
    {
        using var scope = NewDisposeScope();
        var one = File[name];
        var first = Given.Rows(one, "first", 4, Given.Dtype(one)).requires_grad_();
        var second = Given.Rows(one, "second", 4, Given.Dtype(one)).requires_grad_();
        var reduction = Enum.Parse<nn.Reduction>(one.Text("reduction"), ignoreCase: true);

        var loss = one.Text("loss") switch
        {
            "generalized" => BoxLosses.GeneralizedIou(first, second, reduction),
            "distance" => BoxLosses.DistanceIou(first, second, reduction),
            _ => BoxLosses.CompleteIou(first, second, reduction),
        };

        one.AssertEqual("out", loss);
        one.AssertGradients("gradients", loss, [first, second], 1e-4, 1e-6);
    }

    [Theory]
    [InlineData(nn.Reduction.Mean)]
    [InlineData(nn.Reduction.Sum)]
    public void Losses_OfNoBoxes_AreZero(nn.Reduction reduction)
    {
        using var scope = NewDisposeScope();

        Assert.Equal(0, BoxLosses.CompleteIou(zeros(0, 4), zeros(0, 4), reduction).item<float>());
    }

    [Theory]
    [MemberData(nameof(Conversions))]
    public void Convert_AsTorchvision_GivesItsNumbers(string name)
    {
        using var scope = NewDisposeScope();
        var one = File[name];
        var given = Given.Rows(one, "given", 4);

        var converted = Boxes.Convert(given, Formats[one.Text("source")], Formats[one.Text("target")]);

        one.AssertEqual("out", converted);
        Assert.NotSame(given, converted);
    }

    [Fact]
    public void ClipAndRemoveSmall_AsTorchvision_GiveItsNumbers()
    {
        using var scope = NewDisposeScope();
        File["clip"].AssertEqual("out", Boxes.Clip(Given.Rows(File["clip"], "given", 4), 18, 27));
        var small = File["small"];

        var kept = Boxes.RemoveSmall(Given.Rows(small, "given", 4), small.Number("least"));

        Assert.Equal(small.Integers("kept"), kept.data<long>().ToArray());
    }
}
