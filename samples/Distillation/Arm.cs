using DeepTricks.Distillation;

namespace DistillationSample;

/// <summary>One way in which a student learns.</summary>
/// <param name="Name">The name in the table and the charts.</param>
/// <param name="Recipe">What it takes over.</param>
/// <param name="Learn">Trains a student in a classroom.</param>
internal sealed record Arm(string Name, string Recipe, Func<Classroom, DigitNetwork> Learn)
{
    private const string Stage1 = "stage1", Stage2 = "stage2", Features = "features";

    /// <summary>The student alone first. Weights are those of the methods' own code or of RepDistiller; the losses of features stand beside the labels alone, without soft targets.</summary>
    public static IReadOnlyList<Arm> All { get; } =
    [
        new("alone", "the labels", room => room.Train(room.Student())),
        new("KD", "soft targets, T = 4, 0.9 to the labels' 0.1", room => room.Train(room.Student(), room.Teacher, labels: 0.1, SoftTargets())),
        new("DKD", "target and other classes apart, 1 and 8, T = 4", room => room.Train(room.Student(), room.Teacher, labels: 1, TransferTerm.Of("dkd", new DecoupledDistillationLoss()))),
        new("FitNets", "maps of the second stage first, then soft targets", room =>
        {
            var student = room.Student();
            using var regressor = room.Connector(Stage2, student);
            room.Train(student, room.Teacher, labels: 0, TransferTerm.Of("hint", new HintLoss(), Stage2, Stage2, regressor));
            return room.Train(student, room.Teacher, labels: 0.1, SoftTargets());
        }),
        new("AT", "attention of both stages, 1000", room =>
            room.Train(room.Student(), room.Teacher, labels: 1, TransferTerm.Of("attention", new AttentionTransferLoss(), [Stage1, Stage2], 1000))),
        new("RKD", "distances and angles between features, 25 and 50", room =>
            room.Train(room.Student(), room.Teacher, labels: 1, TransferTerm.Of("relations", new RkdLoss(), Features, Features))),
        new("CRD", "features told from those of 512 images of other digits, 0.8", room =>
        {
            using var contrast = new ContrastiveDistillationLoss(
                new()
                {
                    StudentFeatures = NetworkSize.Student.Features,
                    TeacherFeatures = NetworkSize.Teacher.Features,
                    Samples = room.Images,
                    Negatives = 512,
                    // As RepDistiller: with ten classes, a tenth of all others would be of the same.
                    Sampler = ContrastSampler.OfOtherClasses(room.Labels),
                },
                room.Generator);
            return room.Train(room.Student(), room.Teacher, labels: 1, contrast.Term(Features, Features, room.Seed, 0.8));
        }),
        new("DML", "another student's answers, both learning at once", room => room.TrainPeers(room.Student(), room.Student())),
        new("teacher assistant", "KD from a network of a size between, which had KD from the teacher", room =>
        {
            using var assistant = room.Train(room.Network(NetworkSize.Assistant), room.Teacher, labels: 0.1, SoftTargets());
            return room.Train(room.Student(), assistant, labels: 0.1, SoftTargets());
        }),
        new("born again", "KD from another student, T = 1, no teacher; two generations", room =>
        {
            var generation = room.Train(room.Student());
            for (var i = 0; i < 2; i++)
            {
                using var former = generation;
                generation = room.Train(room.Student(), former, labels: 1, TransferTerm.Of("former", new KnowledgeDistillationLoss(new() { Temperature = 1 })));
            }

            return generation;
        }),
    ];

    private static TransferTerm SoftTargets() => TransferTerm.Of("soft targets", new KnowledgeDistillationLoss(), weight: 0.9);
}
