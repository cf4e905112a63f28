using DeepTricks.Data;
using DeepTricks.Distillation;
using DeepTricks.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillationSample;

/// <summary>What the students of one seed have in common: the teacher, their images with labels, the order of those, and what their first weights are drawn from.</summary>
internal sealed class Classroom(DigitNetwork teacher, InMemoryDataset data, SampleOptions options, int seed) : IDisposable
{
    private const int BatchSize = 50;
    private const double LearningRate = 2e-3;

    /// <summary>The large network, which was trained before.</summary>
    public DigitNetwork Teacher { get; } = teacher.Copy();

    public int Images => data.Count;

    public long[] Labels => data.Targets!.data<long>().ToArray();

    public int Seed { get; } = seed;

    /// <summary>Draws first weights, the same for the same number of draws before.</summary>
    public Generator Generator { get; } = new((ulong)seed);

    public DigitNetwork Student() => Network(NetworkSize.Student);

    public DigitNetwork Network(NetworkSize size) => new(size, Generator);

    /// <summary>Brings a student's maps to the channels of the teacher's.</summary>
    public nn.Module<Tensor, Tensor> Connector(string stage, DigitNetwork student)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var (own, taught) = (Shape(student), Shape(Teacher));
        return new ConvolutionalRegressor(own, taught, generator: Generator);

        long[] Shape(DigitNetwork network)
        {
            using var extractor = new DeepTricks.Backbones.FeatureExtractor(network, stage);
            return extractor.Extract(data.Inputs[..1])[stage].shape;
        }
    }

    /// <summary>Trains a network on the labels, and on what it is to take over from another one.</summary>
    public DigitNetwork Train(DigitNetwork student, DigitNetwork teacher, double labels, params TransferTerm[] terms)
    {
        using var distillation = new DistillationCallback(new Distiller(student, new FrozenTeacher(teacher), terms), labels);
        Fit(student, [.. student.parameters(), .. distillation.Distiller.Learners.parameters()], distillation);
        return student;
    }

    /// <summary>Trains a network on the labels.</summary>
    public DigitNetwork Train(DigitNetwork student)
    {
        Fit(student, student.parameters());
        return student;
    }

    /// <summary>Trains two networks on the labels and on each other's answers; the first is the student.</summary>
    public DigitNetwork TrainPeers(DigitNetwork student, DigitNetwork other)
    {
        // The pair lets go of its modules without disposing of them: the student lives on.
        var peers = new BranchNetwork(student, other);
        using var learning = new DistillationCallback(new Distiller(peers, new SelfTeacher(), MutualLearning.Terms(peers.Taps)), mainWeight: 0);
        Fit(peers, peers.parameters(), learning);
        return student;
    }

    public void Dispose()
    {
        Teacher.Dispose();
        data.Dispose();
        Generator.Dispose();
    }

    private void Fit(nn.Module<Tensor, Tensor> network, IEnumerable<TorchSharp.Modules.Parameter> learning, params Callback[] callbacks)
    {
        using var optimizer = optim.Adam(learning, LearningRate);
        using var trainer = new Trainer(Objective.Classification(network), optimizer, [.. callbacks, new LearningRateSchedule(Schedule.Cosine(1, 0))]);
        trainer.Fit(new BatchLoader(data, new() { BatchSize = BatchSize, Seed = Seed, PrefetchDepth = 0 }), Duration.Epochs(options.Epochs));
    }
}
