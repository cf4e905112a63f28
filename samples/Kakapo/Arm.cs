namespace KakapoSample;

/// <summary>One way of training.</summary>
/// <param name="Key">What the command line calls it.</param>
/// <param name="Name">The name in tables and charts.</param>
/// <param name="Knows">What it is told beside pictures and species.</param>
/// <param name="Make">Makes a learner for pictures to train with; it draws its first weights here.</param>
internal sealed record Arm(string Key, string Name, string Knows, Func<BirdSet, SampleOptions, Learner> Make)
{
    public static Arm EndToEnd { get; } = new("end-to-end", "end to end", "nothing", Learners.EndToEnd);

    public static Arm Constrained { get; } = new("cam", "CAM constraint", "where the bird is", Learners.Constrained);

    public static Arm ProtoPNet { get; } = new("protopnet", "ProtoPNet", "nothing", Learners.Prototypes);

    public static IReadOnlyList<Arm> All { get; } =
    [
        EndToEnd,
        Constrained,
        new("mask", "mask branch", "where bird and head are", Learners.MaskBranch),
        new("two-streams", "two streams", "where the head is, at inference too", Learners.TwoStreams),
        new("auxiliary", "auxiliary labels", "young or old, left or right", Learners.Auxiliary),
        new("maxl", "MAXL", "that there are two kinds of each", Learners.Maxl),
        new("cam+mask", "CAM + mask branch", "where bird and head are", Learners.ConstrainedMaskBranch),
        new("cam+auxiliary", "CAM + auxiliary", "where the bird is; young or old, left or right", Learners.ConstrainedAuxiliary),
        ProtoPNet,
    ];

    /// <exception cref="ArgumentException">No arm has this key.</exception>
    public static Arm Of(string key) => All.FirstOrDefault(arm => arm.Key == key)
        ?? throw new ArgumentException($"No arm is called '{key}'; there are: {string.Join(", ", All.Select(arm => arm.Key))}.", nameof(key));
}
