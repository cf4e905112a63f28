namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            /// <summary>Sets the learning rates of an optimiser, once at its making and once a step.</summary>
            public abstract class LRScheduler
            {
                /// <summary>Steps so far, the first of which is taken at the making.</summary>
                protected int _step_count;

                internal Optimizer _optimizer = null!;
                internal int _last_epoch = -1;
                internal IList<double> _last_lrs = [];
                internal IList<double> _base_lrs = [];
                private readonly bool _verbose;

                protected LRScheduler()
                {
                }

                protected LRScheduler(Optimizer optimizer, int last_epoch = -1, bool verbose = false)
                {
                    ArgumentNullException.ThrowIfNull(optimizer);
                    (_optimizer, _last_epoch, _verbose) = (optimizer, last_epoch, verbose);
                    _base_lrs = [.. Groups.Select(group => group.InitialLearningRate)];
                    _last_lrs = [.. Rates];
                }

                private protected ILearningRateController[] Groups => [.. _optimizer.ParamGroups];

                private protected IEnumerable<double> Rates => Groups.Select(group => group.LearningRate);

                private protected IEnumerable<double> RatesTimes(double factor) => Groups.Select(group => group.LearningRate * factor);

                private protected IEnumerable<double> BasesTimes(double factor) => _base_lrs.Select(rate => rate * factor);

                /// <summary>One value for each group of the optimiser.</summary>
                private protected List<double> ForEachGroup(IEnumerable<double> values, string name)
                {
                    List<double> list = [.. values];
                    var groups = Groups.Length;
                    return list.Count == groups ? list : throw new ArgumentException($"{list.Count} values for {groups} groups of parameters.", name);
                }

                private protected List<double> ForEachGroup(double value) => [.. Enumerable.Repeat(value, Groups.Length)];

                public virtual void step() => step(null);

                /// <param name="epoch">The step to go to, where the schedule has a closed form; the next one where null.</param>
                public virtual void step(int? epoch)
                {
                    _step_count++;
                    _last_epoch = epoch ?? _last_epoch + 1;
                    double[] rates = [.. epoch is null ? get_lr() : get_closed_form_lr()];
                    var groups = Groups;
                    for (var i = 0; i < groups.Length; i++)
                    {
                        if (_verbose && groups[i].LearningRate != rates[i]) Console.WriteLine($"Adjusting learning rate to {rates[i]}");
                        groups[i].LearningRate = rates[i];
                    }
                    _last_lrs = rates;
                }

                /// <summary>For schedules that go by a measured value; the others ignore it.</summary>
                public virtual void step(double current, int? epoch = null) => step(epoch);

                /// <summary>The rates of the current step, from those of the step before; called once a step.</summary>
                protected virtual IEnumerable<double> get_lr() => Rates;

                /// <summary>The rates of the current step, from those at the start.</summary>
                protected virtual IEnumerable<double> get_closed_form_lr() => get_lr();

                public IEnumerable<double> get_last_lr() => _last_lrs;
            }
        }
    }
}
