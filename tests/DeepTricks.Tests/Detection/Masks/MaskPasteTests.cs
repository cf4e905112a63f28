using DeepTricks.Detection;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Detection.Masks;

public sealed class MaskPasteTests
{
    private static readonly GoldenFile File = GoldenFile.Read("detection/paste.json");

    public static IEnumerable<object[]> Names => File.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void IntoImages_AsTorchvision_GivesItsNumbers(string name)
    {
        using var scope = NewDisposeScope();
        var one = File[name];
        var (masks, boxes) = Read(one);

        var images = MaskPaste.IntoImages(masks, boxes, one.Integer("height"), one.Integer("width"), (int)one.Integer("padding"));

        one.AssertEqual("out", images);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void IntoBoxes_OfTheSameMasks_AreTheImagesAboveTheThreshold(string name)
    {
        using var scope = NewDisposeScope();
        var one = File[name];
        var (masks, boxes) = Read(one);
        var (height, width, padding) = (one.Integer("height"), one.Integer("width"), (int)one.Integer("padding"));

        var expected = MaskPaste.IntoImages(masks, boxes, height, width, padding).gt(0.5).squeeze(1);
        var pasted = MaskPaste.IntoBoxes(masks, boxes, height, width, padding: padding);

        for (var i = 0; i < pasted.Count; i++)
        {
            var image = torch.zeros([height, width], ScalarType.Bool);
            var mask = pasted[i].Mask;
            image.narrow(0, pasted[i].Top, mask.shape[0]).narrow(1, pasted[i].Left, mask.shape[1]).copy_(mask);
            Assert.True(image.eq(expected[i]).all().item<bool>());
        }
    }

    [Fact]
    public void IntoBoxes_OutsideTheImage_IsEmpty()
    {
        using var scope = NewDisposeScope();
        var boxes = tensor(new float[,] { { -30, -30, -10, -10 }, { 1, 1, 4, 4 } });

        var pasted = MaskPaste.IntoBoxes(ones(2, 1, 8, 8), boxes, 20, 20);

        Assert.Equal(0, pasted[0].Mask.numel());
        Assert.Equal((0L, 0L), (pasted[1].Top, pasted[1].Left));
        Assert.Equal(0, MaskPaste.IntoImages(ones(2, 1, 8, 8), boxes, 20, 20)[0].sum().item<float>());
    }

    private static (Tensor Masks, Tensor Boxes) Read(GoldenCase one)
    {
        var dtype = Given.Dtype(one);
        var size = one.Integer("size");
        return (Golden.Tensor($"paste.{one.Name}", [9, 1, size, size], 0.5, 0.5, dtype), Given.Rows(one, "boxes", 4, dtype));
    }
}
