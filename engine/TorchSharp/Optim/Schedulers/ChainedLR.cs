namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>Several schedulers at once.</summary>
                public class ChainedLR(IEnumerable<LRScheduler> schedulers) : LRScheduler
                {
                    private readonly LRScheduler[] _schedulers = [.. schedulers];

                    public override void step()
                    {
                        foreach (var scheduler in _schedulers) scheduler.step();
                        if (_schedulers.Length > 0) _last_lrs = _schedulers[^1]._last_lrs;
                    }
                }
            }
        }
    }
}
