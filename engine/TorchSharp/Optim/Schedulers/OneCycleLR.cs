namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>Smith and Topin 2017: the rates rise to the highest and fall far below the start, the momentum goes the other way.</summary>
                public class OneCycleLR : LRScheduler
                {
                    private readonly int _total_steps;
                    private readonly AnnealStrategy _strategy;
                    private readonly Phase[] _phases;
                    private readonly Dictionary<Level, List<double>> _rates;
                    private readonly Dictionary<Level, List<double>> _momenta = [];

                    private enum Level
                    {
                        Initial,
                        Most,
                        Least,
                    }

                    private readonly record struct Phase(double End, Level FromRate, Level ToRate, Level FromMomentum, Level ToMomentum);

                    public OneCycleLR(Optimizer optimizer, double max_lr, int total_steps = -1, int epochs = -1, int steps_per_epoch = -1, double pct_start = 0.3, AnnealStrategy anneal_strategy = AnnealStrategy.Cos, bool cycle_momentum = true, double base_momentum = 0.85, double max_momentum = 0.95, double div_factor = 25, double final_div_factor = 10000, bool three_phase = false, int last_epoch = -1, bool verbose = false)
                        : this(optimizer, optimizer.ParamGroups.Select(_ => max_lr), total_steps, epochs, steps_per_epoch, pct_start, anneal_strategy, cycle_momentum, optimizer.ParamGroups.Select(_ => base_momentum), optimizer.ParamGroups.Select(_ => max_momentum), div_factor, final_div_factor, three_phase, last_epoch, verbose)
                    {
                    }

                    public OneCycleLR(Optimizer optimizer, IEnumerable<double> max_lr, int total_steps = -1, int epochs = -1, int steps_per_epoch = -1, double pct_start = 0.3, AnnealStrategy anneal_strategy = AnnealStrategy.Cos, bool cycle_momentum = true, IEnumerable<double>? base_momentum = null, IEnumerable<double>? max_momentum = null, double div_factor = 25, double final_div_factor = 10000, bool three_phase = false, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        if (pct_start is not (>= 0 and <= 1)) throw new ArgumentException($"The share of the rise is from 0 to 1, not {pct_start}.", nameof(pct_start));
                        if (cycle_momentum && optimizer is not (IMomentum or IBetas)) throw new ArgumentException("Only an optimizer with a momentum or betas can cycle it.", nameof(optimizer));
                        _total_steps = Total(total_steps, epochs, steps_per_epoch);
                        _strategy = anneal_strategy;
                        var most = ForEachGroup(max_lr, nameof(max_lr));
                        List<double> initial = [.. most.Select(rate => rate / div_factor)];
                        _rates = new() { [Level.Most] = most, [Level.Initial] = initial, [Level.Least] = [.. initial.Select(rate => rate / final_div_factor)] };
                        var rise = new Phase(pct_start * _total_steps - 1, Level.Initial, Level.Most, Level.Most, Level.Least);
                        _phases = three_phase
                            ?
                            [
                                rise,
                                new(2 * pct_start * _total_steps - 2, Level.Most, Level.Initial, Level.Least, Level.Most),
                                new(_total_steps - 1, Level.Initial, Level.Least, Level.Most, Level.Most),
                            ]
                            : [rise, new(_total_steps - 1, Level.Most, Level.Least, Level.Least, Level.Most)];
                        if (cycle_momentum)
                        {
                            _momenta[Level.Least] = base_momentum is null ? ForEachGroup(0.85) : ForEachGroup(base_momentum, nameof(base_momentum));
                            _momenta[Level.Most] = max_momentum is null ? ForEachGroup(0.95) : ForEachGroup(max_momentum, nameof(max_momentum));
                        }
                        if (last_epoch == -1)
                            foreach (var (group, rate) in Groups.Zip(initial)) group.InitialLearningRate = rate;
                        _base_lrs = initial;
                        step();
                    }

                    public enum AnnealStrategy
                    {
                        Cos,
                        Linear,
                    }

                    private static int Total(int total_steps, int epochs, int steps_per_epoch)
                    {
                        if (total_steps != -1)
                            return total_steps > 0 ? total_steps : throw new ArgumentException($"The number of steps is positive, not {total_steps}.", nameof(total_steps));
                        if (epochs == -1 && steps_per_epoch == -1) throw new ArgumentException("Either total_steps or both epochs and steps_per_epoch are needed.", nameof(total_steps));
                        if (epochs <= 0) throw new ArgumentException($"The number of epochs is positive, not {epochs}.", nameof(epochs));
                        if (steps_per_epoch <= 0) throw new ArgumentException($"The number of steps an epoch is positive, not {steps_per_epoch}.", nameof(steps_per_epoch));
                        return epochs * steps_per_epoch;
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        if (_last_epoch > _total_steps) throw new InvalidOperationException($"This is step {_last_epoch + 1} of a schedule of {_total_steps}.");
                        var current = Array.FindIndex(_phases, phase => _last_epoch <= phase.End);
                        if (current < 0) current = _phases.Length - 1;
                        var phase = _phases[current];
                        var start = current == 0 ? 0 : _phases[current - 1].End;
                        var share = (_last_epoch - start) / (phase.End - start);
                        var groups = Groups;
                        for (var i = 0; i < groups.Length && _momenta.Count > 0; i++)
                        {
                            var momentum = Between(_momenta[phase.FromMomentum][i], _momenta[phase.ToMomentum][i], share);
                            if (groups[i] is IBetas betas) betas.Betas = (momentum, betas.Betas.Item2);
                            else ((IMomentum)groups[i]).Momentum = momentum;
                        }
                        return groups.Select((_, i) => Between(_rates[phase.FromRate][i], _rates[phase.ToRate][i], share));
                    }

                    private double Between(double start, double end, double share) => _strategy == AnnealStrategy.Cos
                        ? end + (start - end) / 2 * (Math.Cos(Math.PI * share) + 1)
                        : (end - start) * share + start;
                }
            }
        }
    }
}
