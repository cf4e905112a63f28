using DeepTricks.Data;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Data.Objects;

/// <summary>Against pycocotools.mask.</summary>
public sealed class RunLengthMaskTests
{
    private static readonly GoldenFile File = GoldenFile.Read("detection/run-lengths.json");

    [Fact]
    public void Encode_OfEllipses_WritesWhatCocoWrites()
    {
        using var scope = NewDisposeScope();
        foreach (var expected in File["masks"]["cases"].Parts)
        {
            var (height, width) = ((int)expected.Integer("height"), (int)expected.Integer("width"));
            var mask = Ellipse(height, width, expected.Numbers("box"));

            var packed = RunLengthMask.Encode(mask);

            Assert.Equal(expected.Text("text"), packed.ToString());
            Assert.Equal(expected.Integer("area"), packed.Area);
            Assert.Equal(Box(expected.Numbers("bounds")), packed.Box);
            Assert.True(packed.Decode().eq(mask).all().item<bool>());
            Assert.Equal(packed.Runs, RunLengthMask.Parse(expected.Text("text"), height, width).Runs);
            Assert.Equal(packed.ToString(), RunLengthMask.FromRuns(packed.Runs, height, width).ToString());
        }
    }

    [Fact]
    public void FromPolygon_OfAnyCorners_FillsWhatCocoFills()
    {
        foreach (var expected in File["polygons"]["cases"].Parts)
        {
            var (height, width) = ((int)expected.Integer("height"), (int)expected.Integer("width"));
            Assert.Equal(expected.Text("text"), RunLengthMask.FromPolygon(expected.Numbers("corners"), height, width).ToString());
        }
    }

    [Fact]
    public void IntersectionOverUnion_OfMasksAndBoxes_IsThatOfCoco()
    {
        using var scope = NewDisposeScope();
        var expected = File["overlaps"];
        var boxes = expected["boxes"].Parts.Select(one => one.Element.EnumerateArray().Select(value => value.GetDouble()).ToArray()).ToArray();
        var masks = RunLengthMask.EncodeEach(stack(boxes.Select(box => Ellipse(25, 30, box))));
        var crowds = expected.Integers("crowds");
        for (var d = 0; d < boxes.Length; d++)
        {
            for (var g = 0; g < boxes.Length; g++)
            {
                Assert.Equal(expected["masks"].Parts[d].Element[g].GetDouble(), masks[d].IntersectionOverUnion(masks[g], crowds[g] == 1));
                Assert.Equal(expected["plain"].Parts[d].Element[g].GetDouble(), Box(boxes[d]).IntersectionOverUnion(Box(boxes[g]), crowds[g] == 1));
            }
        }

        Assert.Equal(expected.Text("union"), RunLengthMask.Union([.. masks.Take(3)]).ToString());
    }

    [Fact]
    public void BadInput_IsRefused()
    {
        using var scope = NewDisposeScope();
        var mask = RunLengthMask.Encode(zeros(3, 4, dtype: ScalarType.Byte));
        Assert.Throws<ArgumentException>("mask", () => RunLengthMask.Encode(zeros(3, 4)));
        Assert.Throws<ArgumentException>("mask", () => RunLengthMask.Encode(zeros(3, dtype: ScalarType.Byte)));
        Assert.Throws<ArgumentException>("masks", () => RunLengthMask.EncodeEach(zeros(2, 2, 3, 4, dtype: ScalarType.Byte)));
        Assert.Contains("12", Assert.Throws<ArgumentException>("runs", () => RunLengthMask.FromRuns([5, 6], 3, 4)).Message);
        Assert.Throws<ArgumentException>("runs", () => RunLengthMask.FromRuns([5, -1, 8], 3, 4));
        Assert.Throws<ArgumentException>("text", () => RunLengthMask.Parse("P", 3, 4));
        Assert.Throws<ArgumentException>("text", () => RunLengthMask.Parse("é", 3, 4));
        Assert.Throws<ArgumentException>("corners", () => RunLengthMask.FromPolygon([1, 2, 3, 4], 3, 4));
        Assert.Throws<ArgumentException>("corners", () => RunLengthMask.FromPolygon([1, 2, 3, 4, double.NaN, 1], 3, 4));
        Assert.Throws<ArgumentException>("truth", () => mask.IntersectionOverUnion(RunLengthMask.FromRuns([12], 4, 3)));
        Assert.Throws<ArgumentException>("masks", () => RunLengthMask.Union([]));
    }

    private static ObjectBox Box(double[] box) => new(box[0], box[1], box[2], box[3]);

    private static Tensor Ellipse(int height, int width, double[] box)
    {
        var across = ((arange(width, dtype: ScalarType.Float64) + 0.5 - box[0] - (box[2] / 2)) / (box[2] / 2)).square();
        var down = ((arange(height, dtype: ScalarType.Float64) + 0.5 - box[1] - (box[3] / 2)) / (box[3] / 2)).square();
        return (across.unsqueeze(0) + down.unsqueeze(1)).le(1);
    }
}
