namespace DeepTricks.Training;

/// <summary>Sets any value before each step, by a schedule: the weight of a term, a temperature, a rate of dropout.</summary>
/// <example><code>
/// new ValueSchedule("penalty", Schedule.Linear(0, 0.1), value => penalty.Weight = value)
/// </code></example>
public sealed class ValueSchedule : Callback
{
    private readonly string _name;
    private readonly Schedule _schedule;
    private readonly Action<double> _set;

    /// <summary>Makes the callback.</summary>
    /// <param name="name">What is set, for people to read.</param>
    /// <param name="schedule">The value over time.</param>
    /// <param name="set">Sets the value.</param>
    public ValueSchedule(string name, Schedule schedule, Action<double> set)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(schedule);
        ArgumentNullException.ThrowIfNull(set);
        (_name, _schedule, _set) = (name, schedule, set);
    }

    /// <inheritdoc/>
    public override string Name => $"ValueSchedule({_name}: {_schedule})";

    /// <inheritdoc/>
    public override void BatchStart(StepContext step) => _set(_schedule.At(step.Trainer.Time));
}
