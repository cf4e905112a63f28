using System.Diagnostics;
using DeepTricks.Data;
using DeepTricks.Detection;
using DeepTricks.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DetectionSample;

/// <summary>Trains a Mask R-CNN under each seed, and measures what it finds in scenes that it has not seen.</summary>
internal sealed class Experiment(DemoOptions options)
{
    private const int BatchSize = 4;
    private const double LearningRate = 2e-3, WeightDecay = 1e-4, ClippedNorm = 5;
    private const double MaskThreshold = 0.5;

    /// <summary>The streams of scenes: what is trained with, and what is measured on.</summary>
    public const int TrainingStream = 0, TestStream = 1;

    /// <summary>One run, with its own scenes, first weights and draws.</summary>
    public RunResult Run(int seed)
    {
        var watch = Stopwatch.StartNew();
        manual_seed(seed);
        var scenes = Scene.Draw(options.TrainingScenes, seed, TrainingStream);
        var batches = new SceneBatches(scenes, BatchSize, seed);
        var model = Model();
        var optimizer = optim.AdamW(model.parameters(), LearningRate, weight_decay: WeightDecay);
        var progress = new EpochProgress($"seed {seed}", options.Epochs, trainer => $"loss {trainer.Metrics["loss"]:F3}", Console.Error);
        using var trainer = new Trainer(new DetectionObjective(model, batches), optimizer,
        [
            new LearningRateSchedule(Schedule.WarmUp("100st", Schedule.Cosine(1, 0.01))),
            GradientClipping.ByNorm(ClippedNorm), new NonFiniteGuard(), progress,
        ]);
        var history = trainer.Fit(batches, Duration.Epochs(options.Epochs));
        foreach (var scene in scenes) scene.Dispose();
        optimizer.Dispose();

        var training = watch.Elapsed;
        var test = Scene.Draw(options.TestScenes, options.TestSeed, TestStream);
        var (boxes, masks) = Evaluate(model, test);
        var result = new RunResult(seed, model, [.. history.Select(epoch => epoch.Metrics)], boxes, masks, training, watch.Elapsed);
        progress.Finish($"AP50 of boxes {100 * result.Boxes.AveragePrecision50:F1} %, of masks {100 * result.Masks.AveragePrecision50:F1} %");
        foreach (var scene in test) scene.Dispose();
        return result;
    }

    /// <summary>A Mask R-CNN for pictures of 96 pixels: torchvision's, with everything smaller.</summary>
    public static GeneralizedRcnn Model() => MaskRcnn.On(
        new PyramidBackbone(new SmallBackbone(), SmallBackbone.Layers, new() { Channels = 48, ExtraLevel = false }),
        new MaskRcnnOptions
        {
            NumClasses = Scene.ClassNames.Count,
            Transform = new() { MinSizes = [Scene.Size], MaxSize = Scene.Size, Mean = [0.5, 0.5, 0.5], Deviation = [0.25, 0.25, 0.25], SizeDivisor = 16 },
            Anchors = new([[12], [24], [44]]),
            Proposals = new() { CandidatesInTraining = 300, ProposalsInTraining = 200, Candidates = 200, Proposals = 100, Sampler = new(128, 0.5) },
            Regions = new() { Sampler = new(48, 0.25), DetectionsPerImage = 30 },
            BoxWidth = 256,
            MaskSize = 10,
            MaskConvolutions = [48, 48],
            MaskWidth = 48,
        });

    /// <summary>The detections of a scene, their masks as truth values.</summary>
    public static Detections Find(GeneralizedRcnn model, Scene scene)
    {
        using var scope = NewDisposeScope();
        model.eval();
        var found = model.Detect(scene.Image)[0];
        return new(
            found.Boxes.MoveToOuterDisposeScope(), found.Labels.MoveToOuterDisposeScope(), found.Scores.MoveToOuterDisposeScope(),
            found.Masks!.gt(MaskThreshold).MoveToOuterDisposeScope());
    }

    private static (CocoResult Boxes, CocoResult Masks) Evaluate(GeneralizedRcnn model, IReadOnlyList<Scene> scenes)
    {
        ObjectCategory[] categories = [.. Scene.ClassNames.Skip(1).Select((name, i) => new ObjectCategory(i + 1, name))];
        var boxes = new CocoEvaluator(new() { Categories = categories });
        var masks = new CocoEvaluator(new() { Categories = categories, Overlap = OverlapKind.Masks });
        for (var i = 0; i < scenes.Count; i++)
        {
            using var scope = NewDisposeScope();
            var target = scenes[i].Target;
            var truth = ObjectAnnotation.FromTensors(target.Boxes, target.Labels, target.Masks);
            var detections = Find(model, scenes[i]);
            var found = DetectedObject.FromTensors(detections.Boxes, detections.Labels, detections.Scores, detections.Masks);
            boxes.Add(i, truth, found);
            masks.Add(i, truth, found);
        }

        return (boxes.Compute(), masks.Compute());
    }
}
