using DeepTricks.Checkpoints;
using DeepTricks.Data;
using DeepTricks.Detection;
using DeepTricks.Reporting;
using DetectionSample;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Samples;

/// <summary>The sample of detection, at a size that shows no more than that it works.</summary>
public sealed class DetectionSampleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Run_TinyTraining_WritesAReport()
    {
        var report = Path.Combine(_folder, "report.html");

        var code = Demo.Run(["--seeds", "1", "--epochs", "2", "--scenes", "8", "--test-scenes", "2", "--report", report]);

        Assert.Equal(0, code);
        var html = File.ReadAllText(report);
        Assert.Contains("Loss of an epoch", html);
        Assert.Contains("triangle", html);
        Assert.Contains("data:image/png", html);
    }

    [Fact]
    public void Run_CheckpointOnAPicture_WritesAReport()
    {
        using var scope = NewDisposeScope();
        var (checkpoint, report) = (Path.Combine(_folder, "mobile320.safetensors"), Path.Combine(_folder, "report.html"));
        using (var model = FasterRcnn.MobileNetV3Large320(new() { NumClasses = 3 })) SafeTensors.Save(checkpoint, model.state_dict());
        File.WriteAllBytes(Path.Combine(_folder, "street.png"), PngEncoder.Encode(rand(3, 40, 60)));

        var code = Demo.Run(["--checkpoint", checkpoint, "--pictures", _folder, "--threshold", "0.2", "--report", report]);

        Assert.Equal(0, code);
        Assert.Contains("fasterrcnn_mobilenet_v3_large_320_fpn", File.ReadAllText(report));
        Assert.Contains("street.png", File.ReadAllText(report));
    }

    [Theory]
    [InlineData("--seeds", "0")]
    [InlineData("--threshold", "2")]
    [InlineData("--checkpoint", "model.pth")]
    [InlineData("--what", "else")]
    public void Run_ArgumentsThatMakeNoSense_SaysSo(string name, string value) => Assert.Equal(2, Demo.Run([name, value]));

    [Fact]
    public void Run_SomeOtherCheckpoint_SaysSo()
    {
        using var scope = NewDisposeScope();
        var checkpoint = Path.Combine(_folder, "other.safetensors");
        SafeTensors.Save(checkpoint, [new("weight", zeros(2))]);
        File.WriteAllBytes(Path.Combine(_folder, "street.png"), PngEncoder.Encode(rand(3, 8, 8)));
        Assert.Equal(1, Demo.Run(["--checkpoint", checkpoint, "--pictures", _folder, "--report", Path.Combine(_folder, "report.html")]));
    }

    [Fact]
    public void Draw_SameSeed_GivesTheSameScenes_WithMasksInTheirBoxes()
    {
        var (scenes, again) = (Scene.Draw(4, seed: 5, stream: 0), Scene.Draw(4, seed: 5, stream: 0));
        for (var i = 0; i < scenes.Count; i++)
        {
            Assert.True(scenes[i].Image.eq(again[i].Image).all().item<bool>());
            var truth = ObjectAnnotation.FromTensors(scenes[i].Target.Boxes, scenes[i].Target.Labels, scenes[i].Target.Masks);
            Assert.NotEmpty(truth);
            Assert.All(truth, one => Assert.Equal(one.Box, one.Mask!.Box));
        }
    }

    [Fact]
    public void TargetsOf_TurnedScenes_FitTheirPictures()
    {
        using var scope = NewDisposeScope();
        var batches = new SceneBatches(Scene.Draw(8, seed: 3, stream: 0), batchSize: 8, seed: 1);
        foreach (var batch in batches.Epoch(2))
        {
            Assert.Equal([8, 3, Scene.Size, Scene.Size], batch.Input.shape);
            foreach (var target in batches.TargetsOf(batch))
                Assert.All(ObjectAnnotation.FromTensors(target.Boxes, target.Labels, target.Masks), one => Assert.Equal(one.Box, one.Mask!.Box));
        }
    }
}
