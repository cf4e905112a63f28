using DeepTricks.Checkpoints;
using DeepTricks.Detection;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Detection;

[Collection(ProcessWide.Name)]
public sealed class RegionCnnTests
{
    private const int Red = 1, Blue = 2;

    private static readonly RegionCnnOptions Options = new()
    {
        Search = SelectiveSearchOptions.Fast with { MinimumSide = 10 },
        Crop = new() { Size = 32, Padding = 4 },
        ScoreThreshold = 0,
    };

    [Fact]
    public void Detect_PicturesLikeThoseOfTheTraining_FindsTheirObjects()
    {
        using var scope = NewDisposeScope();
        using var detector = Trained(Network(), out _);
        var (found, objects) = (0, 0);
        for (var i = 100; i < 106; i++)
        {
            var (image, target) = Picture(i);
            var detections = detector.Detect(image);
            var overlaps = Boxes.Iou(target.Boxes, detections.Boxes);
            var right = overlaps.gt(0.7).logical_and(target.Labels.unsqueeze(1).eq(detections.Labels.unsqueeze(0))).any(1);
            (found, objects) = (found + (int)right.sum().item<long>(), objects + (int)right.size(0));
            Assert.True(detections.Count <= target.Boxes.size(0) + 2, $"{detections.Count} detections of {target.Boxes.size(0)} objects.");
        }

        Assert.True(found >= objects - 1, $"{found} of {objects} objects were found.");
    }

    [Fact]
    public void Load_OfWhatWasSaved_DetectsTheSame()
    {
        using var scope = NewDisposeScope();
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            var network = Network();
            using var detector = Trained(network, out var images);
            detector.Save(path);
            using var loaded = RegionCnn.Load(path, network);
            var (expected, actual) = (detector.Detect(images[1]), loaded.Detect(images[1]));
            Assert.Equal(detector.Layer, loaded.Layer);
            Assert.True(actual.Boxes.allclose(expected.Boxes));
            Assert.True(actual.Scores.allclose(expected.Scores));
            Assert.True(actual.Labels.eq(expected.Labels).all().item<bool>());
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Load_OfSomethingElse_SaysWhatIsMissing()
    {
        using var scope = NewDisposeScope();
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            SafeTensors.Save(path, [new("svm.weight", zeros(2, 3))]);
            Assert.Contains("no R-CNN", Assert.Throws<InvalidDataException>(() => RegionCnn.Load(path, Network())).Message);
            SafeTensors.Save(path, [new("svm.weight", zeros(2, 3))], new Dictionary<string, string> { ["format"] = "deeptricks.region-cnn" });
            Assert.Contains("svm.bias", Assert.Throws<InvalidDataException>(() => RegionCnn.Load(path, Network())).Message);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Detect_NoRegions_FindsNothing()
    {
        using var scope = NewDisposeScope();
        using var detector = Trained(Network(), out var images);
        var detections = detector.Detect(images[1], zeros(0, 4));
        Assert.Equal([0, 4], detections.Boxes.shape);
        Assert.Equal(0, detections.Count);
    }

    [Fact]
    public void Detect_AgainAndAgain_KeepsNoTensor()
    {
        using var network = Network();
        using var detector = Trained(network, out var images);
        detector.Detect(images[1]).Dispose();
        var before = ProcessWide.LiveTensors();
        for (var i = 0; i < 3; i++)
            detector.Detect(images[1]).Dispose();
        Assert.Equal(before, ProcessWide.LiveTensors());
    }

    [Fact]
    public void Train_BadInput_NamesIt()
    {
        using var scope = NewDisposeScope();
        var network = Network();
        var (image, target) = Picture(1);
        Assert.Contains("1 pictures and 0 targets", Assert.Throws<ArgumentException>(() => RegionCnn.Train(network, "4", [image], [])).Message);
        Assert.Contains("[3, H, W]", Assert.Throws<ArgumentException>(() => RegionCnn.Train(network, "4", [image[0]], [target])).Message);
        var skipping = target with { Labels = target.Labels + 1 };
        Assert.Contains("label 1", Assert.Throws<ArgumentException>(() => RegionCnn.Train(network, "4", [image], [skipping], Options)).Message);
        Assert.Throws<ArgumentException>(() => RegionCnn.Train(network, "nowhere", [image], [target], Options));
    }

    private static RegionCnn Trained(nn.Module<Tensor, Tensor> network, out List<Tensor> images)
    {
        var pictures = Enumerable.Range(0, 8).Select(Picture).ToList();
        images = [.. pictures.Select(picture => picture.Image)];
        return RegionCnn.Train(network, "4", images, [.. pictures.Select(picture => picture.Target)], Options, new() { Machine = SupportVectorMachineOptions.RegionCnn with { Cost = 0.1 } });
    }

    private static nn.Module<Tensor, Tensor> Network() => Golden.Fill(nn.Sequential(
        nn.Conv2d(3, 12, 5, 2), nn.ReLU(), nn.Conv2d(12, 16, 3, 2), nn.ReLU(), nn.AdaptiveAvgPool2d(4), nn.Flatten(), nn.Linear(256, 2)));

    /// <summary>Up to three red squares and blue bars on a gray ground with grain.</summary>
    private static (Tensor Image, DetectionTarget Target) Picture(int number)
    {
        var random = new DeepTricks.Data.SampleRandom(7, 0, number);
        var image = Golden.Tensor($"region-cnn.{number}", [3, 80, 100], 0.05, 0.5);
        var (boxes, labels) = (new List<float>(), new List<long>());
        for (var i = 0; i < number % 4; i++)
        {
            var label = i % 2 == 0 ? Red : Blue;
            var (width, height) = label == Red ? (18 + random.NextInt32(6), 20) : (12, 28 + random.NextInt32(6));
            var (left, top) = (3 + (32 * i) + random.NextInt32(8), 5 + random.NextInt32(35));
            image[label == Red ? 0 : 2, top..(top + height), left..(left + width)] += 0.4;
            boxes.AddRange([left, top, left + width, top + height]);
            labels.Add(label);
        }

        return (image, new(tensor(boxes.ToArray(), [labels.Count, 4]), tensor(labels.ToArray())));
    }
}
