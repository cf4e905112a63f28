namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>Multiplies the rates by a factor when a measured value has stopped getting better.</summary>
                public class ReduceLROnPlateau : LRScheduler
                {
                    private readonly bool _least;
                    private readonly bool _relative;
                    private readonly double _factor;
                    private readonly int _patience;
                    private readonly double _threshold;
                    private readonly int _cooldown;
                    private readonly List<double> _min_lrs;
                    private readonly double _eps;
                    private readonly bool _verbose;
                    private double _best;
                    private int _bad_epochs;
                    private int _cooling;

                    public ReduceLROnPlateau(Optimizer optimizer, string mode = "min", double factor = 0.1, int patience = 10, double threshold = 0.0001, string threshold_mode = "rel", int cooldown = 0, IList<double>? min_lr = null, double eps = 1E-08, bool verbose = false)
                        : base(optimizer, -1, verbose)
                    {
                        if (factor >= 1) throw new ArgumentException($"The factor is below 1, not {factor}.", nameof(factor));
                        if (mode is not ("min" or "max")) throw new ArgumentException($"The mode is 'min' or 'max', not '{mode}'.", nameof(mode));
                        if (threshold_mode is not ("rel" or "abs")) throw new ArgumentException($"The threshold's mode is 'rel' or 'abs', not '{threshold_mode}'.", nameof(threshold_mode));
                        (_least, _relative) = (mode == "min", threshold_mode == "rel");
                        (_factor, _patience, _threshold, _cooldown, _eps, _verbose) = (factor, patience, threshold, cooldown, eps, verbose);
                        _min_lrs = min_lr switch
                        {
                            null or [] => ForEachGroup(0),
                            [var one] => ForEachGroup(one),
                            _ => ForEachGroup(min_lr, nameof(min_lr)),
                        };
                        _last_epoch = 0;
                        _best = _least ? double.PositiveInfinity : double.NegativeInfinity;
                    }

                    public override void step() => throw NeedsValue();

                    public override void step(int? epoch) => throw NeedsValue();

                    private static InvalidOperationException NeedsValue() => new("ReduceLROnPlateau goes by a measured value: call step(double).");

                    public override void step(double current, int? epoch = null)
                    {
                        _last_epoch = epoch ?? _last_epoch + 1;
                        _bad_epochs++;
                        if (IsBetter(current)) (_best, _bad_epochs) = (current, 0);
                        if (_cooling > 0)
                        {
                            _cooling--;
                            _bad_epochs = 0;
                        }
                        if (_bad_epochs > _patience)
                        {
                            Reduce();
                            (_cooling, _bad_epochs) = (_cooldown, 0);
                        }
                        _last_lrs = [.. Rates];
                    }

                    private bool IsBetter(double value) => (_least, _relative) switch
                    {
                        (true, true) => value < _best * (1 - _threshold),
                        (true, false) => value < _best - _threshold,
                        (false, true) => value > _best * (_threshold + 1),
                        (false, false) => value > _best + _threshold,
                    };

                    private void Reduce()
                    {
                        foreach (var (group, least) in Groups.Zip(_min_lrs))
                        {
                            var rate = Math.Max(group.LearningRate * _factor, least);
                            if (!(group.LearningRate - rate > _eps)) continue;
                            group.LearningRate = rate;
                            if (_verbose) Console.WriteLine($"Epoch {_last_epoch}: reducing learning rate to {rate:g4}.");
                        }
                    }
                }
            }
        }
    }
}
