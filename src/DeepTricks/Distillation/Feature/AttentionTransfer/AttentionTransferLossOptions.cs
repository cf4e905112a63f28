namespace DeepTricks.Distillation;

/// <summary>How attention maps are made and compared. The paper and the codes differ, and with them the weight that the term wants.</summary>
public sealed record AttentionTransferLossOptions
{
    private const double TorchEpsilon = 1e-12, ZooEpsilon = 1e-6;

    /// <summary>
    /// The authors' code (szagoruyko/attention-transfer), which RepDistiller, mdistiller and mmrazor follow: the mean over the channels, and the mean square.
    /// The default; the authors' and RepDistiller's weight is 1000.
    /// </summary>
    public static AttentionTransferLossOptions Official { get; } = new();

    /// <summary>Zagoruyko and Komodakis, 2017, equation 2, as torchdistill's mode "paper" has it: the sum over the channels, and the distance itself. The paper's weight is β/2.</summary>
    public static AttentionTransferLossOptions Paper { get; } = new() { SumChannels = true, Distance = MapDistance.Euclidean };

    /// <summary>Knowledge-Distillation-Zoo: the sum over the channels, 1e-6 added to the norm, and the mean square.</summary>
    public static AttentionTransferLossOptions KdZoo { get; } = new() { SumChannels = true, AddEpsilon = true, Epsilon = ZooEpsilon };

    /// <summary>p of |f|ᵖ, above 0; 2 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0.</exception>
    public double Power { get; init => field = LogitChecks.Positive(value, nameof(Power)); } = 2;

    /// <summary>Whether channels are summed rather than averaged; the difference shows in the epsilon alone. False by default.</summary>
    public bool SumChannels { get; init; }

    /// <summary>What keeps the norm from 0, above 0; 1e-12 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0.</exception>
    public double Epsilon { get; init => field = LogitChecks.Positive(value, nameof(Epsilon)); } = TorchEpsilon;

    /// <summary>Whether the epsilon is added to the norm rather than its least value. False by default.</summary>
    public bool AddEpsilon { get; init; }

    /// <summary>How the maps are compared; by their mean square by default.</summary>
    public MapDistance Distance { get; init; }
}
