// Follows the intrinsic dimension of handwritten digits through a small network: trained, untrained and trained on shuffled labels, beside what was published.
return DimensionSample.Sample.Run(args);
