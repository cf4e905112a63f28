using DeepTricks.Data;
using DeepTricks.Distillation;
using DeepTricks.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillationSample;

/// <summary>
/// Hinton's experiment: a student is trained on the teacher's soft answers alone, for images of which none shows a certain digit. It has never seen one, and has learned from how the
/// teacher answers for others what it looks like; only its bias is too low, for the digit was rare among the answers.
/// </summary>
internal sealed class OmittedDigit(DigitNetwork teacher, Mnist digits, SampleOptions options)
{
    public const int Digit = 3;
    private const int BatchSize = 50;
    private const double LearningRate = 2e-3;
    private const double LargestBias = 20, BiasStep = 0.1;

    /// <summary>What each seed gives.</summary>
    /// <param name="Before">The student's answers as it was trained.</param>
    /// <param name="After">Those with the bias raised.</param>
    /// <param name="Bias">What it was raised by.</param>
    /// <param name="Labels">The answers of a student that had the labels of the same images instead.</param>
    internal sealed record Result(Answers Before, Answers After, double Bias, Answers Labels);

    public Result Run(int seed)
    {
        using var generator = new Generator((ulong)seed);
        using var transfer = WithoutTheDigit();
        using var own = teacher.Copy();
        using var student = new DigitNetwork(NetworkSize.Student, generator);
        using (var distillation = new DistillationCallback(new Distiller(student, new FrozenTeacher(own),
            TransferTerm.Of("soft targets", new KnowledgeDistillationLoss(new() { Temperature = options.OmittedTemperature }))), mainWeight: 0))
        {
            Fit(student, transfer, seed, distillation);
        }

        var before = Answers.Of(student, digits.Test);
        var bias = Correct(student);
        using var labelled = new DigitNetwork(NetworkSize.Student, generator);
        Fit(labelled, transfer, seed);
        return new(before, Answers.Of(student, digits.Test), bias, Answers.Of(labelled, digits.Test));
    }

    /// <summary>
    /// Raises the bias until the digit is answered as often as it is to be expected among ten, a tenth of the time. No label is looked at: it takes images to be read and the knowledge that
    /// all digits are about as frequent in them.
    /// </summary>
    private double Correct(DigitNetwork student)
    {
        var bias = 0.0;
        while (bias < LargestBias && Answers.Of(student, digits.Test).Share(Digit) < 1.0 / DigitNetwork.Digits)
        {
            student.RaiseBias(Digit, BiasStep);
            bias += BiasStep;
        }

        return bias;
    }

    private InMemoryDataset WithoutTheDigit()
    {
        using var scope = NewDisposeScope();
        var kept = (digits.Train.Targets! != Digit).nonzero().flatten();
        return new(digits.Train.Inputs.index_select(0, kept), digits.Train.Targets!.index_select(0, kept));
    }

    private void Fit(DigitNetwork student, InMemoryDataset data, int seed, params Callback[] callbacks)
    {
        using var optimizer = optim.Adam(student.parameters(), LearningRate);
        using var trainer = new Trainer(Objective.Classification(student), optimizer, [.. callbacks, new LearningRateSchedule(Schedule.Cosine(1, 0))]);
        trainer.Fit(new BatchLoader(data, new() { BatchSize = BatchSize, Seed = seed, PrefetchDepth = 0 }), Duration.Epochs(options.OmittedEpochs));
    }
}
