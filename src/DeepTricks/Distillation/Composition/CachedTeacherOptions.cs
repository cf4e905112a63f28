using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>What a <see cref="CachedTeacher"/> keeps of a teacher.</summary>
public sealed record CachedTeacherOptions
{
    /// <summary>The places to keep beside the output; none by default. Maps take much room: a sample of 64 x 8 x 8 is 16 kB.</summary>
    public IReadOnlyList<Tap> Taps { get; init; } = [];

    /// <summary>How numbers are kept: float32, the default, or float16, which takes half the room and keeps three digits.</summary>
    /// <exception cref="ArgumentException">Another type.</exception>
    public ScalarType Type
    {
        get;
        init => field = value is ScalarType.Float32 or ScalarType.Float16 ? value : throw new ArgumentException($"Expected float32 or float16; {value} came.", nameof(Type));
    } = ScalarType.Float32;

    /// <summary>
    /// How many epochs to keep. 1, the default, serves every epoch: right where the samples are the same in each. Where an augmentation draws anew for each
    /// epoch (<see cref="Data.SampleRandom"/>), keep as many as the student is trained for; the source gives the same ones again.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int Epochs
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Epochs), value, "Expected at least 1.");
    } = 1;
}
