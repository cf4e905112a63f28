using System.Text.Json;
using DeepTricks.Detection;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Detection;

public sealed class ImageTransformTests
{
    [Fact]
    public void Prepare_SizesOfAllKinds_ResizesAndPadsAsTorchvision()
    {
        foreach (var one in PartsFixture.Cases["sizes"].Element.GetProperty("cases").Deserialize<long[][]>()!)
        {
            using var scope = NewDisposeScope();
            var transform = new ImageTransform(new() { MinSizes = [(int)one[0]], MaxSize = (int)one[1] });

            var batch = transform.Prepare([zeros(3, one[2], one[3])]);

            Assert.Equal(new ImageSize(one[4], one[5]), batch.Sizes[0]);
            Assert.Equal(new ImageSize(one[6], one[7]), batch.PaddedSize);
        }
    }

    [Fact]
    public void Prepare_TwoImagesWithTargets_IsTorchvisions()
    {
        using var scope = NewDisposeScope();
        var expected = PartsFixture.Cases["transform"];
        Tensor[] images = [Golden.Tensor("first", [3, 50, 70], 0.5, 0.5), Golden.Tensor("second", [3, 90, 40], 0.5, 0.5)];
        DetectionTarget[] targets =
        [
            new(PartsFixture.Boxes("first-boxes", 3, 40), tensor(new long[] { 1, 2, 3 }), Golden.Tensor("first-masks", [3, 50, 70]).gt(0.3).to(ScalarType.Byte)),
            new(PartsFixture.Boxes("second-boxes", 1, 40), tensor(new long[] { 4 }), Golden.Tensor("second-masks", [1, 90, 40]).gt(0.3)),
        ];

        var batch = new ImageTransform(new() { MinSizes = [60], MaxSize = 100 }).Prepare(images, targets, training: true);

        expected.AssertEqual("images", batch.Images, 1e-5, 1e-5);
        for (var i = 0; i < images.Length; i++)
        {
            Assert.Equal(expected.Element.GetProperty("sizes")[i].Deserialize<long[]>()!, (long[])[batch.Sizes[i].Height, batch.Sizes[i].Width]);
            expected["boxes"].Parts[i].AsSample().AssertEqual(batch.Targets[i].Boxes);
            expected["masks"].Parts[i].AsSample().AssertEqual(batch.Targets[i].Masks);
            var back = ImageTransform.Resize(batch.Targets[i].Boxes, batch.Sizes[i], batch.OriginalSizes[i]);
            Assert.True(back.allclose(targets[i].Boxes, 1e-5, 1e-4));
        }
    }

    [Fact]
    public void Prepare_SeveralSizes_DrawsInTrainingAndTakesTheLastInEvaluation()
    {
        using var scope = NewDisposeScope();
        long[] Drawn(bool training)
        {
            var transform = new ImageTransform(new() { MinSizes = [16, 32, 64], Generator = new(5) });
            return [.. Enumerable.Range(0, 20).Select(_ => transform.Prepare([zeros(3, 20, 30)], training: training).Sizes[0].Height)];
        }

        Assert.Equal([16, 32, 64], Drawn(training: true).Distinct().Order());
        Assert.Equal(Drawn(training: true), Drawn(training: true));
        Assert.All(Drawn(training: false), height => Assert.Equal(64, height));
    }

    [Fact]
    public void Prepare_BadInput_SaysWhatWasExpected()
    {
        using var scope = NewDisposeScope();
        var transform = new ImageTransform();
        Assert.Throws<ArgumentException>("images", () => transform.Prepare([]));
        Assert.Throws<ArgumentException>("images", () => transform.Prepare([zeros(1, 20, 20)]));
        Assert.Throws<ArgumentException>("images", () => transform.Prepare([zeros(3, 20, 20), zeros(3, 20, 20, dtype: ScalarType.Float64)]));
        Assert.Throws<ArgumentException>("targets", () => transform.Prepare([zeros(3, 20, 20)], []));
        Assert.Throws<ArgumentException>(() => new ImageTransformOptions { MinSizes = [] });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageTransformOptions { MaxSize = 0 });
    }
}
