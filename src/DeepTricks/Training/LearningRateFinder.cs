using DeepTricks.Data;
using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Training;

/// <summary>
/// Looks for a learning rate: trains a few steps with a rate that grows by a constant factor and records the loss
/// (Smith, arXiv 1506.01186). Everything is as it was afterwards: weights, optimiser, random numbers.
/// </summary>
public static class LearningRateFinder
{
    // As in fastai: the part of the smoothed loss that each step keeps, and how much above its best the loss ends the search.
    private const double Smoothing = 0.98;
    private const double Divergence = 4;

    /// <summary>Runs the search, without the callbacks of a trainer.</summary>
    /// <param name="objective">The model and its loss.</param>
    /// <param name="optimizer">The optimiser whose rate is looked for.</param>
    /// <param name="source">The training data; it is begun again where it is short.</param>
    /// <param name="options">The settings; see <see cref="LearningRateFinderOptions"/> for the defaults.</param>
    /// <returns>The smoothed losses over the rates.</returns>
    public static LearningRateCurve Run(Objective objective, optim.Optimizer optimizer, IBatchSource source, LearningRateFinderOptions? options = null)
    {
        options ??= new();
        var recorder = new Recorder(options);
        using var trainer = new Trainer(objective, optimizer, [recorder], new() { Device = options.Device });
        using var scope = NewDisposeScope();
        using var live = trainer.Capture();
        using var before = live.Detached();
        using var modes = new ModuleModes(objective.Model);
        try
        {
            trainer.Fit(source, Duration.Steps(options.Steps));
        }
        finally
        {
            trainer.Restore(before);
            trainer.RestoreRandomness();
        }
        return new(recorder.Rates, recorder.Losses);
    }

    private sealed class Recorder(LearningRateFinderOptions options) : Callback
    {
        private double _mean;
        private double _best = double.PositiveInfinity;

        internal List<double> Rates { get; } = [];

        internal List<double> Losses { get; } = [];

        public override void BatchStart(StepContext step)
        {
            var part = options.Steps == 1 ? 0 : step.Trainer.Step / (options.Steps - 1.0);
            var rate = options.From * Math.Pow(options.To / options.From, part);
            foreach (var group in step.Trainer.Optimizer.ParamGroups)
                group.LearningRate = rate;
        }

        public override void BeforeBackward(StepContext step)
        {
            var loss = step.Loss.detach().to(ScalarType.Float64).item<double>();
            _mean = (Smoothing * _mean) + ((1 - Smoothing) * loss);
            var smoothed = _mean / (1 - Math.Pow(Smoothing, Rates.Count + 1));
            if (!double.IsFinite(smoothed) || smoothed > Divergence * _best)
            {
                step.SkipStep();
                step.Trainer.Stop();
                return;
            }
            _best = Math.Min(_best, smoothed);
            Rates.Add(step.Trainer.LearningRate);
            Losses.Add(smoothed);
        }
    }
}
