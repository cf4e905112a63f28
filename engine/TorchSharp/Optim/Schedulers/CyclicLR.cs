namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>Lets the rates go up and down between two bounds, and the momentum the other way.</summary>
                public class CyclicLR : LRScheduler
                {
                    private readonly double _total_size;
                    private readonly double _step_ratio;
                    private readonly Func<double, double> _scale;
                    private readonly ScaleMode _scale_mode;
                    private readonly List<double> _max_lrs;
                    private readonly (IMomentum Group, double Base, double Most)[] _momenta = [];

                    public CyclicLR(Optimizer optimizer, double base_lr, double max_lr, int step_size_up = 2000, int step_size_down = -1, Mode mode = Mode.Triangular, double gamma = 1, Func<double, double>? scale_fn = null, ScaleMode scale_mode = ScaleMode.Cycle, bool cycle_momentum = true, double base_momentum = 0.8, double max_momentum = 0.9, int last_epoch = -1, bool verbose = false)
                        : this(optimizer, optimizer.ParamGroups.Select(_ => base_lr), optimizer.ParamGroups.Select(_ => max_lr), step_size_up, step_size_down, mode, gamma, scale_fn, scale_mode, cycle_momentum, optimizer.ParamGroups.Select(_ => base_momentum), optimizer.ParamGroups.Select(_ => max_momentum), last_epoch, verbose)
                    {
                    }

                    public CyclicLR(Optimizer optimizer, IEnumerable<double> base_lr, IEnumerable<double> max_lr, int step_size_up = 2000, int step_size_down = -1, Mode mode = Mode.Triangular, double gamma = 1, Func<double, double>? scale_fn = null, ScaleMode scale_mode = ScaleMode.Cycle, bool cycle_momentum = true, IEnumerable<double>? base_momentum = null, IEnumerable<double>? max_momentum = null, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        _base_lrs = ForEachGroup(base_lr, nameof(base_lr));
                        _max_lrs = ForEachGroup(max_lr, nameof(max_lr));
                        _total_size = step_size_up + (step_size_down == -1 ? step_size_up : step_size_down);
                        _step_ratio = step_size_up / _total_size;
                        (_scale, _scale_mode) = (scale_fn, mode) switch
                        {
                            ({ } given, _) => (given, scale_mode),
                            (_, Mode.Triangular2) => (cycle => 1 / Math.Pow(2, cycle - 1), ScaleMode.Cycle),
                            (_, Mode.ExpRange) => (iteration => Math.Pow(gamma, iteration), ScaleMode.Iterations),
                            _ => (static double (_) => 1, ScaleMode.Cycle),
                        };
                        if (cycle_momentum)
                        {
                            if (optimizer is not IMomentum) throw new ArgumentException("Only an optimizer with a momentum can cycle it.", nameof(optimizer));
                            var bases = base_momentum is null ? ForEachGroup(0.8) : ForEachGroup(base_momentum, nameof(base_momentum));
                            var most = max_momentum is null ? ForEachGroup(0.9) : ForEachGroup(max_momentum, nameof(max_momentum));
                            _momenta = [.. Groups.Select((group, i) => ((IMomentum)group, bases[i], most[i]))];
                        }
                        if (last_epoch == -1)
                            foreach (var (group, rate) in Groups.Zip(_base_lrs)) group.LearningRate = rate;
                        step();
                    }

                    public enum Mode
                    {
                        Triangular,
                        Triangular2,
                        ExpRange,
                    }

                    /// <summary>What the scaling function gets: the number of the cycle, from 1, or of the step.</summary>
                    public enum ScaleMode
                    {
                        Cycle,
                        Iterations,
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        var cycle = Math.Floor(1 + _last_epoch / _total_size);
                        var place = 1 + _last_epoch / _total_size - cycle;
                        var height = place <= _step_ratio ? place / _step_ratio : (place - 1) / (_step_ratio - 1);
                        var scale = _scale(_scale_mode == ScaleMode.Cycle ? cycle : _last_epoch);
                        foreach (var (group, least, most) in _momenta) group.Momentum = most - (most - least) * height * scale;
                        return _base_lrs.Zip(_max_lrs, (least, most) => least + (most - least) * height * scale);
                    }
                }
            }
        }
    }
}
