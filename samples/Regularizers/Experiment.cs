using DeepTricks.Adversarial;
using DeepTricks.Data;
using DeepTricks.Metrics;
using DeepTricks.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Regularizers;

/// <summary>Trains an arm under each seed and examines what it learned.</summary>
internal sealed class Experiment(Mnist digits, DemoOptions options)
{
    private const int BatchSize = 64;
    private const double LearningRate = 0.02;
    private const double Momentum = 0.9;

    /// <summary>How far an attack may move a pixel, of a range from 0 to 1.</summary>
    public const double Epsilon = 0.05;

    public ArmResult Run(Arm arm)
    {
        var progress = new EpochProgress(arm.Name, options.Seeds * (long)options.Epochs, trainer => $"error {100 * trainer.Metrics["validation/error"]:F1} %", Console.Error);
        var runs = Enumerable.Range(1, options.Seeds).Select(seed => Run(arm, seed, progress)).ToList();
        var result = new ArmResult(arm, runs);
        progress.Finish($"error {result.Summarize(options.FewEpochs).FinalError.Mean:F2} %");
        return result;
    }

    private RunResult Run(Arm arm, int seed, EpochProgress progress)
    {
        manual_seed(seed);
        using var model = new DigitNetwork(arm.Dropout);
        using var optimizer = optim.SGD(model.parameters(), LearningRate, Momentum, weight_decay: arm.WeightDecay);
        using var trainer = new Trainer(Objective.Classification(model), optimizer, arm.Callback is { } trick ? [trick(), progress] : [progress]);
        using var error = new ErrorRate();
        var train = new BatchLoader(digits.Train, new() { BatchSize = BatchSize, Seed = seed, PrefetchDepth = 0 });
        var test = new BatchLoader(digits.Test, new() { BatchSize = digits.Test.Count, Shuffle = false, PrefetchDepth = 0 });

        var history = trainer.Fit(train, Duration.Epochs(options.Epochs), new() { Validation = test, Metrics = [error] });
        return Examine(model, [.. history.Select(epoch => 100 * epoch.Metrics["validation/error"])]);
    }

    private RunResult Examine(DigitNetwork model, IReadOnlyList<double> errors)
    {
        using var scope = NewDisposeScope();
        model.eval();
        var (images, labels) = (digits.Test.Inputs, digits.Test.Targets!);
        using var calibration = new ExpectedCalibrationError();
        Tensor confidences;
        using (no_grad())
        {
            var logits = model.call(images);
            calibration.Update(logits, labels);
            confidences = logits.softmax(1).amax(1);
        }

        var fast = FastGradientSign.Attack(model, images, labels, new() { Epsilon = Epsilon });
        var projected = ProjectedGradientDescent.Attack(model, images, labels, new() { Epsilon = Epsilon, StepSize = Epsilon / 4, Steps = 20, RandomStart = false });
        return new(
            errors,
            [.. confidences.data<float>().ToArray().Select(value => (double)value)],
            100 * calibration.Compute(),
            Accuracy(model, fast, labels),
            Accuracy(model, projected, labels));
    }

    private static double Accuracy(DigitNetwork model, Tensor images, Tensor labels)
    {
        using var ungraded = no_grad();
        using var accuracy = new Accuracy();
        accuracy.Update(model.call(images), labels);
        return 100 * accuracy.Compute();
    }
}
