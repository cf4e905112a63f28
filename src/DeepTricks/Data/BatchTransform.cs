using static TorchSharp.torch;

namespace DeepTricks.Data;

/// <summary>Changes a batch before it is handed out: augmentation, normalisation, another type.</summary>
/// <remarks>
/// It runs where the batch is made: on the prefetching thread where there is one, on the dataset's device, without gradients and in a
/// dispose scope that ends with the call, so that temporaries need no care. The tensors that it returns become the batch's own and may
/// be those that it was given, changed in place. It must depend on nothing but its arguments for a run to resume exactly; several
/// epochs may be read at the same time.
/// </remarks>
/// <param name="input">The inputs of the batch, samples along the first dimension; a copy of the dataset's.</param>
/// <param name="target">The targets; a copy of the dataset's; null where the data is unlabelled.</param>
/// <param name="random">
/// The random numbers of each sample, in the order of the rows: a function of the seed, the epoch and the sample alone.
/// </param>
/// <returns>The inputs and targets of the batch, with as many rows as came.</returns>
public delegate (Tensor Input, Tensor? Target) BatchTransform(Tensor input, Tensor? target, IReadOnlyList<SampleRandom> random);
