namespace DeepTricks.Training;

/// <summary>The time that a callback took at one event.</summary>
/// <param name="Callback">The callback's name.</param>
/// <param name="Event">The event.</param>
/// <param name="Time">The time of all calls together.</param>
/// <param name="Calls">The number of calls.</param>
public sealed record TimingEntry(string Callback, TrainingEvent Event, TimeSpan Time, long Calls);
