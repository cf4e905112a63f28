namespace DeepTricks.Training;

/// <summary>The loop that <see cref="Trainer.Fit"/> runs, as text: the contract between the Trainer and its callbacks.</summary>
public static class TrainingLoop
{
    /// <summary>
    /// The loop with every event in its order. A line that is the name of a <see cref="TrainingEvent"/> is that event; the
    /// others say what the Trainer does there itself. Callbacks run in the order in which they were added, and in reverse
    /// at the events marked with "(reverse)", so that the one that acts first before a thing acts last after it.
    /// </summary>
    /// <remarks>
    /// "evaluate" stands for the lines under "to evaluate", and comes where there is data to validate on and the epoch is due.
    /// <see cref="StepContext.Recompute"/> runs the lines from "for each micro-batch" to "AfterBackward (reverse)" again.
    /// A run resumed in the middle of an epoch has FitStart, and then goes on after the Checkpoint that saved it.
    /// </remarks>
    public const string Text = """
        FitStart
        for each epoch:
            EpochStart
            for each batch:
                move the batch to the device
                BatchStart
                for each micro-batch:
                    BeforeForward
                    output = objective.Forward(input)
                    AfterForward (reverse)
                    BeforeLoss
                    terms = objective.Loss(output, target), unless a callback has taken over the main loss
                    AfterLoss (reverse)
                    loss = sum of weight * share * value over the terms
                    BeforeBackward
                    add the gradients of loss
                    AfterBackward (reverse)
                UnscaleGradients
                TransformGradients
                ClipGradients
                BeforeStep
                optimizer.step(), then drop the gradients
                AfterStep (reverse)
                BatchEnd (reverse)
                Checkpoint
            evaluate
            EpochEnd (reverse)
            Checkpoint
        FitEnd (reverse)

        to evaluate:
            EvaluationStart
            for each evaluation batch:
                output = objective.Forward(input), without gradients and callbacks
                EvaluationBatchEnd (reverse)
            EvaluationEnd (reverse)
        """;

    internal static IEnumerable<LoopLine> Lines =>
        Text.Split('\n').Select(line => LoopLine.Parse(line.TrimEnd('\r')));
}
