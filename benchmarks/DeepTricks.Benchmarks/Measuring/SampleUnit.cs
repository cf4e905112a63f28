using System.Text.Json.Serialization;

namespace DeepTricks.Benchmarks.Measuring;

/// <summary>What a sample counts.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SampleUnit>))]
public enum SampleUnit
{
    /// <summary>Time of one run.</summary>
    Seconds,

    /// <summary>What one run takes in memory at its peak, beyond what was there before.</summary>
    Bytes,
}
